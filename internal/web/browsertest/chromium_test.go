package browsertest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
)

// chromium is the browser that the stories share: each is told in a context of its
// own, which knows nothing of another. The zero chromium is started by the first
// story.
type chromium struct {
	once    sync.Once
	cmd     *exec.Cmd
	stdin   io.Closer // while it is open the browser runs
	address string
	err     error
}

// open returns where the browser listens.
func (c *chromium) open(path string) (string, error) {
	c.once.Do(func() { c.err = c.start(path) })
	return c.address, c.err
}

func (c *chromium) start(path string) error {
	cmd := exec.Command("node", "shared.mjs")
	cmd.Env = append(os.Environ(), "CHROMIUM="+path)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	var failures bytes.Buffer
	cmd.Stderr = &failures
	if err := cmd.Start(); err != nil {
		return err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return fmt.Errorf("start the browser: %w\n%s", errors.Join(err, cmd.Wait()), failures.String())
	}
	c.cmd, c.stdin, c.address = cmd, stdin, strings.TrimSpace(line)
	return nil
}

// close ends the browser if one was started.
func (c *chromium) close() error {
	if c.cmd == nil {
		return nil
	}
	return errors.Join(c.stdin.Close(), c.cmd.Wait())
}
