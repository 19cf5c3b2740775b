import { HttpClient } from '@angular/common/http';
import { inject, Service, type Signal } from '@angular/core';
import type {
  ApiKeyInput,
  ApiKeyPage,
  ChangedUser,
  CreatedApiKey,
  InvitedUser,
  UserChange,
  UserInvitation,
  UserPage,
} from '@vw/shared-contracts';
import { firstValueFrom } from 'rxjs';
import { liveResource, type LiveResource } from '../shell/live-resource';
import { Session } from '../shell/session';

const BASE = '/api/v1';

/** Rows of people and of keys on one page. */
const PER_PAGE = 25;

/** People and keys over HTTP. No event tells of them: whoever changes one reads again. */
@Service()
export class SettingsClient {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);

  /** By name; the first page without a cursor. Reads nothing while the person may not. */
  people(cursor: Signal<string | undefined>): LiveResource<UserPage> {
    return this.pageOf('users', cursor);
  }

  /** The password in the answer is shown this once. */
  invite(invitation: UserInvitation): Promise<InvitedUser> {
    return firstValueFrom(this.http.post<InvitedUser>(`${BASE}/users`, invitation));
  }

  /** A new password in the answer is shown this once. */
  changePerson(id: string, change: UserChange): Promise<ChangedUser> {
    return firstValueFrom(this.http.patch<ChangedUser>(`${BASE}/users/${id}`, change));
  }

  /** Newest first, without revoked ones. */
  keys(cursor: Signal<string | undefined>): LiveResource<ApiKeyPage> {
    return this.pageOf('api-keys', cursor);
  }

  /** The key in the answer is shown this once. */
  createKey(input: ApiKeyInput): Promise<CreatedApiKey> {
    return firstValueFrom(this.http.post<CreatedApiKey>(`${BASE}/api-keys`, input));
  }

  async revokeKey(id: string): Promise<void> {
    await firstValueFrom(this.http.delete(`${BASE}/api-keys/${id}`));
  }

  private pageOf<Page>(list: string, cursor: Signal<string | undefined>): LiveResource<Page> {
    return liveResource([], () => {
      const at = cursor();
      const params = { limit: PER_PAGE, ...(at === undefined ? {} : { cursor: at }) };
      return this.session.isAdmin() ? { url: `${BASE}/${list}`, params } : undefined;
    });
  }
}
