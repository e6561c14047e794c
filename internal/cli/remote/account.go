package remote

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hindcast/hindcast/client"
	"github.com/hindcast/hindcast/internal/cli/command"
)

// account is how this person reaches a server.
type account struct {
	Server string `json:"server"`
	Token  string `json:"token"`
}

// The environment variables that stand above what login kept.
const (
	serverVariable = "HINDCAST_SERVER"
	tokenVariable  = "HINDCAST_TOKEN"
)

// configFile returns the path of a file of this person's.
func configFile(name string) (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("find your configuration folder: %w", err)
	}
	return filepath.Join(dir, "hindcast", name), nil
}

// readConfig reads a file of this person's; one that does not exist leaves out
// as it is.
func readConfig(name string, out any) error {
	file, err := configFile(name)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %s", file, command.Reason(err))
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("%s is damaged; remove it and run 'hindcast login' again", file)
	}
	return nil
}

// writeConfig writes a file that only this person may read.
func writeConfig(name string, v any) error {
	file, err := configFile(name)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fmt.Errorf("%s: %s", filepath.Dir(file), command.Reason(err))
	}
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".new-*") // readable by its owner only
	if err != nil {
		return fmt.Errorf("%s: %s", file, command.Reason(err))
	}
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // the first error is told
		return fmt.Errorf("%s: %s", file, command.Reason(err))
	}
	return nil
}

// connect returns a client of the server that login, or the environment, names.
func connect() (*client.Client, error) {
	var a account
	if err := readConfig("account.json", &a); err != nil {
		return nil, err
	}
	if s := os.Getenv(serverVariable); s != "" && s != a.Server {
		a = account{Server: s} // a token is for its own server only
	}
	if t := os.Getenv(tokenVariable); t != "" {
		a.Token = t
	}
	if a.Server == "" {
		return nil, fmt.Errorf("no server is known; run 'hindcast login https://hindcast.example.org', or set %s and %s", serverVariable, tokenVariable)
	}
	return client.New(a.Server, a.Token)
}

// pulled is the version that a file was made from.
type pulled struct {
	Server  string `json:"server"`
	ID      string `json:"id"`
	Num     int64  `json:"number"`
	Version int64  `json:"version"`
}

const pulledFile = "pulled.json"

// rememberPulled keeps from which version a file was made.
func rememberPulled(file string, p pulled) error {
	all := map[string]pulled{}
	if err := readConfig(pulledFile, &all); err != nil {
		return err
	}
	abs, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	all[abs] = p
	return writeConfig(pulledFile, all)
}

// findPulled returns from which version of a document on a server a file was
// made.
func findPulled(file, server string) (pulled, bool, error) {
	all := map[string]pulled{}
	if err := readConfig(pulledFile, &all); err != nil {
		return pulled{}, false, err
	}
	abs, err := filepath.Abs(file)
	if err != nil {
		return pulled{}, false, err
	}
	p, ok := all[abs]
	return p, ok && p.Server == server, nil
}
