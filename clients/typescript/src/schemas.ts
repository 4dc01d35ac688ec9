import type { components } from './api.ts'

type Schemas = components['schemas']

export type ComputePowerRequest = Schemas['ComputePowerRequest']
export type ComputePowerAnswer = Schemas['ComputePowerAnswer']
export type CurveAnswer = Schemas['CurveAnswer']
export type MovementsDocument = Schemas['MovementsDocument']
export type PaymentRequired = Schemas['PaymentRequired']
export type PaymentRequirements = Schemas['PaymentRequirements']
export type RevisionRequest = Schemas['RevisionRequest']
export type ValidationAnswer = Schemas['ValidationAnswer']
export type VoidAnswer = Schemas['VoidAnswer']
export type VoidRequest = Schemas['VoidRequest']
export type WorkoutDetail = Schemas['WorkoutDetail']
export type WorkoutList = Schemas['WorkoutList']

/** A problem document (RFC 9457). Narrow it by `status`; compare `code`, which is stable. */
export type Problem =
  | Schemas['BadRequestProblem']
  | Schemas['PaymentRequired']
  | Schemas['NotFoundProblem']
  | Schemas['ConflictProblem']
  | Schemas['ContentTooLargeProblem']
  | Schemas['UnsupportedMediaTypeProblem']
  | Schemas['ValidationProblem']
  | Schemas['RateLimitProblem']
  | Schemas['UnavailableProblem']
