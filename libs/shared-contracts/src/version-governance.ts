import type { EntryState } from './entries';
import type { GateAnswer } from './gate';
import { ReviewedVersion, type Attestation, type Finding } from './governance';
import type { Waiver } from './waiver';

/** All that people and rules said of one version: as it stands, or as it stood at the instant asked for. */
export class VersionGovernance extends ReviewedVersion {
  /** Null where no instant was asked for. */
  asOf!: string | null;
  /** Which version of the catalogue judged; null before the first evaluation. */
  catalogueVersion!: string | null;
  /** Null before its model had one. */
  entry!: EntryState | null;
  /** All of them, those that do not count too, newest first. */
  attestations!: Attestation[];
  /** By rule, closed ones too. */
  findings!: Finding[];
  /** Newest first. */
  waivers!: Waiver[];
  /** The newest answer of the gate; null where it was never asked. */
  gate!: GateAnswer | null;
}
