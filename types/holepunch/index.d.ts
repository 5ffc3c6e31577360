// The parts that we use of holepunch packages, which ship no types. Internals are listed in the contract tests.
/// <reference path="./hypercore.d.ts" />
/// <reference path="./hypercore-internals.d.ts" />
/// <reference path="./hypercore-lib.d.ts" />
/// <reference path="./hypercore-crypto.d.ts" />
/// <reference path="./hypercore-storage.d.ts" />
/// <reference path="./hyperdht.d.ts" />
/// <reference path="./hyperswarm.d.ts" />
/// <reference path="./protomux.d.ts" />
/// <reference path="./secret-stream.d.ts" />
/// <reference path="./z32.d.ts" />
/// <reference path="./sodium-native.d.ts" />
/// <reference path="./sodium-universal.d.ts" />
