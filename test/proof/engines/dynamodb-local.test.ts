import { dynamoDBLocal } from './programs.ts';
import { suites } from './suites.ts';
import { runOn } from './tables.ts';

await runOn(dynamoDBLocal, suites);
