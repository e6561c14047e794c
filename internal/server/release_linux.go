package server

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// releaseProgram takes the program's code and constants out of memory. They are
// copies of its file, read again where they are needed: to start touches nearly all
// of them, 35 MB, and an idle server one.
func releaseProgram() error {
	list, err := programMaps()
	if err != nil {
		return fmt.Errorf("find the program in memory: %w", err)
	}
	for _, m := range list {
		if _, _, code := syscall.Syscall(syscall.SYS_MADVISE, m.start, m.end-m.start, syscall.MADV_DONTNEED); code != 0 {
			return fmt.Errorf("release the program: %w", code)
		}
	}
	return nil
}

// span is a range of addresses.
type span struct{ start, end uintptr }

// programMaps returns where the program's file is mapped to be read only and no page
// differs from it. Where addresses were written into it as it was loaded, which
// depends on how it was linked, it is left alone: that is in no file.
func programMaps() ([]span, error) {
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return nil, err
	}
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	return readMaps(bufio.NewScanner(f), exe)
}

// readMaps reads the form of /proc/PID/smaps.
func readMaps(lines *bufio.Scanner, exe string) ([]span, error) {
	var out []span
	var at span
	for lines.Scan() {
		line := lines.Text()
		var m span
		var perms, offset, device, inode string
		if n, _ := fmt.Sscanf(line, "%x-%x %s %s %s %s", &m.start, &m.end, &perms, &offset, &device, &inode); n == 6 {
			at = span{}
			if strings.HasSuffix(line, " "+exe) && (perms == "r-xp" || perms == "r--p") {
				at = m
			}
			continue
		}
		if fields := strings.Fields(line); at.end > 0 && len(fields) == 3 && fields[0] == "Anonymous:" && fields[1] == "0" {
			out = append(out, at)
			at = span{}
		}
	}
	return out, lines.Err()
}
