package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"github.com/hindcast/hindcast"
)

// The cost of a password hash: argon2id with 19 MiB, two passes and one lane, the
// first choice of the OWASP password storage guide for servers that also do other
// work.
const (
	hashMemory = 19 * 1024 // KiB
	hashPasses = 2
	hashLanes  = 1
	hashBytes  = 32
	saltBytes  = 16
)

// The shortest and the longest password that is accepted, in characters and bytes.
const (
	shortest = 10
	longest  = 1024
)

// checkPassword refuses passwords that are easily guessed.
func checkPassword(password, email string) error {
	switch {
	case utf8.RuneCountInString(password) < shortest:
		return hindcast.Errorf(hindcast.Invalid, "choose a password of at least %d characters; a few words are easy to remember", shortest)
	case len(password) > longest:
		return hindcast.Errorf(hindcast.Invalid, "choose a password of at most %d characters", longest)
	case strings.EqualFold(password, email) || strings.Count(password, password[:1]) == len(password):
		return hindcast.Errorf(hindcast.Invalid, "choose a password that is neither your address nor one repeated character")
	}
	return nil
}

// hashPassword returns the hash of a password in the PHC string format, with its
// cost and salt.
func (a *Auth) hashPassword(password string) string {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt)                  // never fails; see crypto/rand
	done, _ := a.turn(context.Background()) // which never ends
	defer done()
	key := argon2.IDKey([]byte(password), salt, hashPasses, hashMemory, hashLanes, hashBytes)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashPasses, hashLanes, b64(salt), b64(key))
}

// samePassword reports whether a password has a hash. It takes the same time
// whether it has or not. The caller has its turn.
func samePassword(hash, password string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	var memory, passes uint32
	var lanes uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes); err != nil || memory > 1<<20 || passes > 16 || lanes == 0 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) == 0 {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

// turn waits until it may hash: only a few do at a time, since each needs its
// memory. The caller calls done afterwards.
func (a *Auth) turn(ctx context.Context) (done func(), err error) {
	select {
	case a.hashing <- struct{}{}:
		return func() { <-a.hashing }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// newSecret returns 32 random bytes as text, for a cookie, a link or a token,
// behind a prefix that tells scanners what leaked.
func newSecret(prefix string) string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails; see crypto/rand
	return prefix + base64.RawURLEncoding.EncodeToString(b)
}

// digest is what is kept of a secret. Secrets are random, so a plain hash keeps
// them.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
