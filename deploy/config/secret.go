package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
)

// Secret is a text that must not be seen: printed, logged or encoded it is only "(set)" or "(empty)". Convert it
// with string(secret) where it is used.
type Secret string

// String says whether there is a secret.
func (s Secret) String() string {
	if s == "" {
		return "(empty)"
	}
	return "(set)"
}

// Format writes what String returns for every verb, %x and %#v too.
func (s Secret) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, s.String()) }

// LogValue returns what String returns.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON encodes what String returns.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + s.String() + `"`), nil }

// MarshalText encodes what String returns, for YAML and others.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// mostSecretBytes is far above any key, and keeps a path to the wrong file from filling the memory.
const mostSecretBytes = 64 << 10

// secret reads the field key, or the file that the field key_file names.
func (s *section) secret(key string, to *Secret) {
	fileKey := key + "_file"
	_, given := s.field(key)
	_, fileGiven := s.field(fileKey)
	if given && fileGiven {
		s.problem(fileKey, "stands beside %s; keep one of them", key)
		return
	}
	if given {
		if _, text, ok := s.scalar(key); ok {
			*to = Secret(text)
		}
	}
	take(s, fileKey, to, func(name string) (Secret, error) { return readSecret(s.document.path(name)) })
}

// readSecret returns the text of a file without the white space around it.
func readSecret(path string) (Secret, error) {
	if err := checkFile(path); err != nil {
		return "", err
	}
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("cannot be opened (%w); let egret's user read it", reason(err))
	}
	defer file.Close() // nothing was written
	text, err := io.ReadAll(io.LimitReader(file, mostSecretBytes+1))
	if err != nil {
		return "", fmt.Errorf("cannot be read (%w)", reason(err))
	}
	text = bytes.TrimSpace(text)
	switch {
	case len(text) == 0:
		return "", errors.New("the file is empty; write the secret into it")
	case len(text) > mostSecretBytes:
		return "", errors.New("the file is too large for a secret; check the path")
	}
	return Secret(text), nil
}

// checkFile returns an error unless path is a regular file: opening a pipe or a device could wait for ever.
func checkFile(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("cannot be read (%w); check the path, which starts at the configuration's directory", reason(err))
	}
	if !info.Mode().IsRegular() {
		return errors.New("is not a regular file; name a file")
	}
	return nil
}

// reason takes the path off an error of the file system, because the message has it already.
func reason(err error) error {
	var pathError *os.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
