import { PLACEHOLDER_ACCOUNT } from '../../lib/infra/placeholders.ts';
import { type StageName, type StageSettings, stageSettings } from '../../lib/infra/stage-settings.ts';

/** The settings of a stage as a vendor would fill them in: a real account, and real names where `.example` stands for them. */
export function filledIn(stage: StageName): StageSettings {
  const text = JSON.stringify(stageSettings(stage))
    .replaceAll(PLACEHOLDER_ACCOUNT, '222222222222')
    .replaceAll('.example', '.org')
    .replaceAll('00000000-0000', '01234567-89ab');
  return JSON.parse(text);
}
