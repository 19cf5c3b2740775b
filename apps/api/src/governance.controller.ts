import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Actor } from '@vw/audit';
import { Gaps, Governance, Reviews } from '@vw/governance';
import type { SignedInUser } from '@vw/identity';
import {
  AsOfQuery,
  Attestation,
  AttestationInput,
  FindingPage,
  FindingQuery,
  GapPage,
  GapQuery,
  Gate,
  GateQuery,
  GovernanceSummary,
  PageQuery,
  RuleCatalogue,
  VersionGovernance,
  Waiver,
  WaiverInput,
  WaiverPage,
  WaiverRefusal,
} from '@vw/shared-contracts';
import { By, KeyScope, Org, Requires, User } from './access';
import { IdPipe } from './validation';

@Controller('governance')
export class GovernanceController {
  constructor(
    private readonly governance: Governance,
    private readonly gaps: Gaps,
    private readonly reviews: Reviews,
  ) {}

  /** How many live versions have each review, and the open findings by severity. */
  @Get('summary')
  @Requires('reviewer', 'auditor')
  @KeyScope('read')
  summary(@Org() orgId: string): Promise<GovernanceSummary> {
    return this.governance.summary(orgId);
  }

  /** What the rules found, oldest first or by severity. */
  @Get('findings')
  @Requires('reviewer', 'auditor')
  @KeyScope('read')
  findings(@Org() orgId: string, @Query() query: FindingQuery): Promise<FindingPage> {
    return this.governance.findings(orgId, query);
  }

  /** Versions that lack a review that they need, the longest lacking first. */
  @Get('gaps')
  @Requires('reviewer', 'auditor')
  @KeyScope('read')
  listGaps(@Org() orgId: string, @Query() query: GapQuery): Promise<GapPage> {
    return this.gaps.list(orgId, query);
  }

  /** All that people and rules said of one version, as it stands or as it stood at an instant. */
  @Get('versions/:id')
  @Requires('reviewer', 'auditor')
  @KeyScope('read')
  version(
    @Org() orgId: string,
    @Param('id', IdPipe) id: string,
    @Query() { asOf }: AsOfQuery,
  ): Promise<VersionGovernance> {
    return this.gaps.version(orgId, id, asOf === undefined ? null : Date.parse(asOf));
  }

  /** The rules. */
  @Get('rules')
  @Requires('reviewer', 'auditor')
  @KeyScope('read')
  rules(): RuleCatalogue {
    return this.governance.rules();
  }

  /** Sign a review of a version. One signed by the owner of the model is kept and does not satisfy. */
  @Post('attestations')
  @Requires('reviewer')
  attest(
    @Org() orgId: string,
    @Body() input: AttestationInput,
    @By() actor: Actor,
    @User() { email }: SignedInUser,
  ): Promise<Attestation> {
    return this.reviews.attest(orgId, input, { actor, email });
  }

  /** Waivers asked for, newest first. */
  @Get('waivers')
  @Requires('reviewer', 'auditor')
  @KeyScope('read')
  waivers(@Org() orgId: string, @Query() page: PageQuery): Promise<WaiverPage> {
    return this.reviews.waivers(orgId, page);
  }

  /** Ask to accept an open finding for a while. It counts once someone else approves it. */
  @Post('waivers')
  @Requires('reviewer')
  requestWaiver(@Org() orgId: string, @Body() input: WaiverInput, @By() actor: Actor): Promise<Waiver> {
    return this.reviews.requestWaiver(orgId, input, actor);
  }

  /** Approve a waiver that someone else asked for. */
  @Post('waivers/:id/approve')
  @HttpCode(200)
  @Requires('reviewer')
  approveWaiver(@Org() orgId: string, @Param('id', IdPipe) id: string, @By() actor: Actor): Promise<Waiver> {
    return this.reviews.approveWaiver(orgId, id, actor);
  }

  /** Refuse a waiver that someone else asked for. */
  @Post('waivers/:id/refuse')
  @HttpCode(200)
  @Requires('reviewer')
  refuseWaiver(
    @Org() orgId: string,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: WaiverRefusal,
    @By() actor: Actor,
  ): Promise<Waiver> {
    return this.reviews.refuseWaiver(orgId, id, { actor, reason });
  }

  /** Withdraw a waiver, approved or not: one of one's own, or as an Admin any. Its finding is open again at once. */
  @Post('waivers/:id/withdraw')
  @HttpCode(200)
  @Requires('reviewer')
  withdrawWaiver(
    @Org() orgId: string,
    @Param('id', IdPipe) id: string,
    @By() actor: Actor,
    @User() { role }: SignedInUser,
  ): Promise<Waiver> {
    return this.reviews.withdrawWaiver(orgId, id, { actor, isAdmin: role === 'admin' });
  }

  /** May this version go to `target`? Judged as if it were live there. 200 whatever the verdict. */
  @Get('gate')
  @Requires('reviewer', 'auditor')
  @KeyScope('gate')
  gate(@Org() orgId: string, @Query() query: GateQuery, @By() actor: Actor): Promise<Gate> {
    return this.governance.gate(orgId, query, actor);
  }
}
