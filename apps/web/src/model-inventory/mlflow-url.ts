import type { Connection, ModelVersionDetail } from '@vw/shared-contracts';

/** The page of a version in MLflow's own screens; null where there is none, or its address is none that a browser should open. */
export function mlflowUrlOf(
  { modelName, version, removedAt }: ModelVersionDetail,
  { trackingServerUrl, workspace }: Connection,
): string | null {
  if (removedAt !== null || !trackingServerUrl || !URL.canParse(trackingServerUrl)) return null;
  const url = new URL(trackingServerUrl);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  url.pathname = url.pathname.replace(/\/*$/, '/');
  const query = workspace ? `?workspace=${encodeURIComponent(workspace)}` : '';
  url.hash = `/models/${encodeURIComponent(modelName)}/versions/${encodeURIComponent(version)}${query}`;
  return url.href;
}
