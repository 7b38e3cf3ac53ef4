// The station's devices, asked for early: see call/early.ts.

import { askEarly } from "../call/early";

askEarly("station");
