// Package official holds tests only: real published data goes through `egret replay`, and the official figures beside it
// must come out. The data is no part of the project; EGRET_REAL_DATA names its directory.
package official
