// The verdicts of the built-in lab's scenarios, part 5 of 5.

import { testScenarios } from "./harness/lab-run.ts";

testScenarios(5);
