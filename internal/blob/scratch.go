package blob

import (
	"os"

	"github.com/hindcast/hindcast"
)

// ScratchFile is a file without a name, for what does not fit into memory. It is
// gone when it is closed, or when the program ends.
type ScratchFile struct{ *os.File }

// Scratch makes a file in the system's folder for temporary ones.
func Scratch() (*ScratchFile, error) {
	f, err := os.CreateTemp("", "hindcast-")
	if err != nil {
		return nil, hindcast.Errorf(hindcast.Unavailable, "cannot make a temporary file: %w; make room, or name another folder in TMPDIR", err)
	}
	_ = os.Remove(f.Name()) // where it can stay open without a name
	return &ScratchFile{f}, nil
}

// Close removes the file.
func (s *ScratchFile) Close() error {
	err := s.File.Close()
	_ = os.Remove(s.Name()) // it is gone already where it could go at once
	return err
}
