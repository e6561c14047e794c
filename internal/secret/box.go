package secret

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/hindcast/hindcast"
)

// Variable is the name of the environment variable with the key, for replicas
// that share a database but no folder.
const Variable = "HINDCAST_SECRET_KEY"

// Box seals and opens values. It may be used by several goroutines at once.
type Box struct{ keys []key } // the first seals, all open

type key struct {
	id   string // the beginning of the key's hash, to say which one is missing
	aead cipher.AEAD
}

// NewKey returns a new key as [Open] reads it.
func NewKey() string {
	var b [chacha20poly1305.KeySize]byte
	_, _ = rand.Read(b[:]) // it never fails
	return base64.StdEncoding.EncodeToString(b[:])
}

// NewBox returns a box for keys as [NewKey] makes them: the first seals, and
// values sealed with any of them open, so that a key can be replaced.
func NewBox(keys ...string) (*Box, error) {
	b := &Box{}
	for _, text := range keys {
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
		if err != nil || len(raw) != chacha20poly1305.KeySize {
			return nil, hindcast.Errorf(hindcast.Invalid, "a key that seals secrets is not 32 bytes in base64; make one with: head -c 32 /dev/urandom | base64")
		}
		aead, err := chacha20poly1305.NewX(raw)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(raw)
		b.keys = append(b.keys, key{hex.EncodeToString(sum[:4]), aead})
	}
	if len(b.keys) == 0 {
		return nil, hindcast.Errorf(hindcast.Invalid, "there is no key that seals secrets; set %s", Variable)
	}
	return b, nil
}

// Open returns a box for the keys in environ, several of them separated by
// commas, the newest first. When it is empty, the key is in the file path, which
// is made when it does not exist and which only its owner may read.
func Open(environ, path string) (*Box, error) {
	if environ != "" {
		return NewBox(strings.Split(environ, ",")...)
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		text, err = create(path)
	}
	if err != nil {
		return nil, hindcast.Errorf(hindcast.Unavailable, "the key that seals secrets, %s, cannot be read or made: %w; give the file to the user that runs hindcast", path, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
		return nil, hindcast.Errorf(hindcast.Unavailable, "others may read the key that seals secrets; run: chmod 600 %s", path)
	}
	return NewBox(strings.Split(string(bytes.TrimSpace(text)), "\n")...)
}

// create makes a file with a new key. When several programs do so at once, the
// first one's stays.
func create(path string) ([]byte, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(f.Name()) }() // the key has its own name by then
	_, err = f.WriteString(NewKey() + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	return os.ReadFile(path)
}

// version begins every sealed value.
const version = "s1"

// Seal returns value as a text to keep. purpose says what it is, such as the
// table and the row; the value opens only with the same purpose.
func (b *Box) Seal(purpose string, value []byte) string {
	k := b.keys[0]
	nonce := make([]byte, k.aead.NonceSize(), k.aead.NonceSize()+len(value)+k.aead.Overhead())
	_, _ = rand.Read(nonce) // it never fails
	sealed := k.aead.Seal(nonce, nonce, value, []byte(purpose))
	return version + "." + k.id + "." + base64.RawURLEncoding.EncodeToString(sealed)
}

// Open returns the value of a sealed text.
func (b *Box) Open(purpose, text string) ([]byte, error) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 || parts[0] != version {
		return nil, errors.New("open a sealed value: it is no sealed value")
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || len(raw) < chacha20poly1305.NonceSizeX {
		return nil, errors.New("open a sealed value: it is damaged")
	}
	for _, k := range b.keys {
		if k.id != parts[1] {
			continue
		}
		n := k.aead.NonceSize()
		value, err := k.aead.Open(nil, raw[:n], raw[n:], []byte(purpose))
		if err != nil {
			return nil, errors.New("open a sealed value: it is damaged, or was sealed for another purpose")
		}
		return value, nil
	}
	return nil, hindcast.Errorf(hindcast.Unavailable, "a secret was sealed with key %s, which is not here; bring back the file secret.key of that time, or %s, or enter the secret again", parts[1], Variable)
}
