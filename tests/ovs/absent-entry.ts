/** What is said before anything is changed on a host that lacks something; as JSON. */
import { EngineError } from '../../src/engine/error.ts';
import { preflight } from '../../src/engine/preflight/preflight.ts';
import { Lab } from './lab.ts';

const lab = new Lab();
try {
  const desired = [...lab.fabric(), lab.switch('sw')];
  preflight(lab.home, { bottle: lab.bottle, changes: await lab.plan(desired), unchanged: 0 }, []);
  console.log(JSON.stringify({}));
} catch (error) {
  if (!(error instanceof EngineError)) throw error;
  console.log(JSON.stringify({ code: error.code, details: error.details }));
} finally {
  await lab.end();
}
