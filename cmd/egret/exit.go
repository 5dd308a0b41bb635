package main

import (
	"context"
	"errors"
	"net"
	"strings"
)

// The exit codes.
const (
	exitDone        = 0
	exitInput       = 1 // the input or the configuration is wrong
	exitUsage       = 2
	exitUnreachable = 3 // a dependency is unreachable
)

// usageError is a command line that is not right.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// unreachableError is something that Egret depends on and cannot reach: a broker, a database, a directory, a port.
type unreachableError struct{ error }

func (e unreachableError) Unwrap() error { return e.error }

// exitCode turns an error into the program's exit code, in this one place.
func exitCode(err error) int {
	var usage usageError
	var unreachable unreachableError
	var network *net.OpError
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return exitDone
	case errors.As(err, &usage), strings.HasPrefix(err.Error(), "unknown command"), strings.Contains(err.Error(), "arg(s)"):
		return exitUsage
	case errors.As(err, &unreachable), errors.As(err, &network):
		return exitUnreachable
	default:
		return exitInput
	}
}
