// The verdicts of the built-in lab's scenarios, part 4 of 5.

import { testScenarios } from "./harness/lab-run.ts";

testScenarios(4);
