// The visitor's call.

import { startCall } from "../call/party";

startCall("visitor", "phone");
