import type { Role } from '@vw/shared-contracts';
import { PERSON } from './admin';
import type { Chapter } from './chapter';

export interface Invited {
  name: string;
  email: string;
  role: Role;
}

export const REVIEWER: Invited = {
  name: 'Noor Haddad',
  email: 'noor@norrfjard.example',
  role: 'reviewer',
};

/** Invites them as the Admin who is signed in; answers their one-time password. */
export async function invite(chapter: Chapter, person: Invited): Promise<string> {
  const answer = await post(chapter, 'users', person);
  const { oneTimePassword } = (await answer.json()) as { oneTimePassword: string };
  return oneTimePassword;
}

/** Invites them, and chooses a password of their own for them: from the next page on, the browser is theirs. */
export async function join(chapter: Chapter, person: Invited): Promise<void> {
  const currentPassword = await invite(chapter, person);
  await signInAs(chapter, person.email, currentPassword);
  await chapter.admin.send('POST', 'auth/password', { currentPassword, newPassword: passwordOf(person) });
}

/** They are back. */
export async function comeBack(chapter: Chapter, person: Invited): Promise<void> {
  await signInAs(chapter, person.email, passwordOf(person));
}

function passwordOf({ name }: Invited): string {
  return `a sentence of ${name}`;
}

/** From the next page on, the browser is theirs. */
export async function signInAs(chapter: Chapter, email: string, password: string): Promise<void> {
  await post(chapter, 'auth/sign-in', { email, password });
}

/** The Admin is back. */
export async function signInAsAdmin(chapter: Chapter): Promise<void> {
  await signInAs(chapter, PERSON.email, PERSON.password);
}

async function post({ admin, stack }: Chapter, path: string, data: object) {
  const answer = await admin.page.request.post(`${stack.url}/api/v1/${path}`, {
    headers: { 'sec-fetch-site': 'same-origin' },
    data,
  });
  if (!answer.ok()) throw new Error(`POST ${path}: ${answer.status()} ${await answer.text()}`);
  return answer;
}
