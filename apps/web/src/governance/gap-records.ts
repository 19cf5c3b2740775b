import type { ReviewedVersion } from '@vw/shared-contracts';
import { REQUIREMENTS, STATES } from './review-words';

/** The list as a table, its head first; instants are UTC. */
export function recordsOf(versions: readonly ReviewedVersion[]): string[][] {
  const head = [
    ...['Model name', 'Version', 'Lifecycle status', 'Aliases', 'Gaps', 'Open since (UTC)'],
    ...REQUIREMENTS.flatMap(({ name }) => [
      ...[name, `${name}: since (UTC)`, `${name}: attested by`, `${name}: attested at (UTC)`],
      ...[`${name}: valid until (UTC)`, `${name}: evidence`, `${name}: SHA-256 of the evidence`],
    ]),
  ];
  return [head, ...versions.map(recordOf)];
}

function recordOf(version: ReviewedVersion): string[] {
  return [
    ...[version.modelName, version.version, version.stage, version.aliases.join(' ')],
    ...[String(version.gaps), version.since ?? ''],
    ...REQUIREMENTS.flatMap(({ requirement }) => {
      const review = version.reviews.find((one) => one.requirement === requirement);
      const attestation = review?.attestation;
      return [
        ...[STATES[review?.state ?? 'unknown'].text, review?.since ?? ''],
        ...[attestation?.attestedBy ?? '', attestation?.attestedAt ?? ''],
        ...[attestation?.expiresAt ?? '', attestation?.evidenceUrl ?? '', attestation?.evidenceSha256 ?? ''],
      ];
    }),
  ];
}
