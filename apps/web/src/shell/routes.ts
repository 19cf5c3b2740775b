import type { Routes } from '@angular/router';
import {
  needsNoOrganization,
  needsNoSession,
  needsOneTimePassword,
  needsSession,
  toFirstSetting,
} from './guards';

export const routes: Routes = [
  {
    path: 'setup',
    title: 'Set up · VerifyWise',
    canActivate: [needsNoOrganization],
    loadComponent: () => import('../sign-in/setup-page').then((file) => file.SetupPage),
  },
  {
    path: 'sign-in',
    title: 'Sign in · VerifyWise',
    canActivate: [needsNoSession],
    loadComponent: () => import('../sign-in/sign-in-page').then((file) => file.SignInPage),
  },
  {
    path: 'choose-password',
    title: 'Choose your password · VerifyWise',
    canActivate: [needsOneTimePassword],
    loadComponent: () => import('../sign-in/choose-password-page').then((file) => file.ChoosePasswordPage),
  },
  {
    path: '',
    canActivate: [needsSession],
    loadComponent: () => import('./shell').then((file) => file.Shell),
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'model-inventory/mlflow' },
      {
        path: 'integrations',
        title: 'Integrations · VerifyWise',
        data: { crumbs: [{ text: 'Integrations' }] },
        loadComponent: () =>
          import('../integrations/integrations-page').then((file) => file.IntegrationsPage),
      },
      {
        path: 'integrations/mlflow',
        title: 'MLflow integration · VerifyWise',
        data: { crumbs: [{ text: 'Integrations', path: '/integrations' }, { text: 'MLflow integration' }] },
        loadComponent: () => import('../integrations/mlflow-page').then((file) => file.MlflowPage),
        children: [
          {
            path: '',
            pathMatch: 'full',
            loadComponent: () => import('../integrations/status-tab').then((file) => file.StatusTab),
          },
          {
            path: 'configuration',
            loadComponent: () =>
              import('../integrations/configuration-tab').then((file) => file.ConfigurationTab),
          },
        ],
      },
      { path: 'model-inventory', pathMatch: 'full', redirectTo: 'model-inventory/mlflow' },
      {
        path: 'model-inventory/mlflow',
        title: 'MLflow data · VerifyWise',
        data: {
          crumbs: [{ text: 'Model Inventory', path: '/model-inventory/mlflow' }, { text: 'MLflow data' }],
        },
        loadComponent: () =>
          import('../model-inventory/mlflow-data-page').then((file) => file.MlflowDataPage),
      },
      {
        path: 'governance',
        title: 'Governance gaps · VerifyWise',
        data: { crumbs: [{ text: 'Governance gaps' }] },
        loadComponent: () => import('../governance/governance-page').then((file) => file.GovernancePage),
        children: [
          {
            path: '',
            pathMatch: 'full',
            loadComponent: () => import('../governance/gaps-tab').then((file) => file.GapsTab),
          },
          {
            path: 'findings',
            loadComponent: () => import('../governance/findings-tab').then((file) => file.FindingsTab),
          },
          {
            path: 'waivers',
            loadComponent: () => import('../governance/waivers-tab').then((file) => file.WaiversTab),
          },
        ],
      },
      {
        path: 'audit',
        title: 'Audit trail · VerifyWise',
        data: { crumbs: [{ text: 'Audit trail' }] },
        loadComponent: () => import('../audit/audit-page').then((file) => file.AuditPage),
      },
      {
        path: 'settings',
        title: 'Settings · VerifyWise',
        data: { crumbs: [{ text: 'Settings' }] },
        loadComponent: () => import('../settings/settings-page').then((file) => file.SettingsPage),
        children: [
          { path: '', pathMatch: 'full', canActivate: [toFirstSetting], children: [] },
          {
            path: 'people',
            loadComponent: () => import('../settings/people-tab').then((file) => file.PeopleTab),
          },
          {
            path: 'api-keys',
            loadComponent: () => import('../settings/api-keys-tab').then((file) => file.ApiKeysTab),
          },
          {
            path: 'password',
            loadComponent: () => import('../settings/password-tab').then((file) => file.PasswordTab),
          },
        ],
      },
      {
        path: '**',
        title: 'Not found · VerifyWise',
        loadComponent: () => import('./not-found-page').then((file) => file.NotFoundPage),
      },
    ],
  },
];
