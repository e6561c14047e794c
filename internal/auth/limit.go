package auth

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// limiter counts failed attempts by key. After a few free ones each failure
// doubles the time in which the key is refused. The counts are in the database, so
// that servers which share one count together. Keys are kept as hashes: they hold
// what strangers typed.
type limiter struct{ db *sqldb.DB }

const (
	freeFailures = 5
	freeOfClient = 20 // an office may come from one address
	firstWait    = 2 * time.Second
	longestWait  = 15 * time.Minute
	forgetAfter  = time.Hour
)

// allow returns an error that says how long to wait.
func (l limiter) allow(ctx context.Context, now time.Time, keys ...string) error {
	for _, k := range keys {
		until, _, err := sqldb.Value[int64](ctx, l.db, `select until from failed_attempt where key = $1`, digest(k))
		if err != nil {
			return l.db.Fault(fmt.Errorf("look for failed attempts: %w", err))
		}
		if wait := sqldb.Time(until).Sub(now); wait > 0 {
			return hindcast.Errorf(hindcast.Unavailable, "too many attempts; try again in %s", hindcast.FormatDuration(wait.Round(time.Second)+time.Second))
		}
	}
	return nil
}

// failed counts a failure for keys, also when the client has gone meanwhile.
func (l limiter) failed(ctx context.Context, now time.Time, keys ...string) error {
	ctx = context.WithoutCancel(ctx)
	old := sqldb.Micros(now.Add(-forgetAfter))
	err := l.db.Write(ctx, func(tx *sqldb.Tx) error {
		for _, k := range keys {
			count, _, err := sqldb.Value[int](ctx, tx, `insert into failed_attempt (key, count, until, last) values ($1, 1, 0, $2)
				on conflict (key) do update set count = case when failed_attempt.last < $3 then 1 else failed_attempt.count + 1 end, last = $2 returning count`,
				digest(k), sqldb.Micros(now), old)
			if err != nil {
				return err
			}
			if over := count - free(k); over > 0 {
				until := now.Add(min(firstWait<<min(over-1, 20), longestWait))
				if _, err := tx.Exec(ctx, `update failed_attempt set until = $2 where key = $1`, digest(k), sqldb.Micros(until)); err != nil {
					return err
				}
			}
		}
		_, err := tx.Exec(ctx, `delete from failed_attempt where last < $1`, old)
		return err
	})
	if err != nil {
		return l.db.Fault(fmt.Errorf("count a failed attempt: %w", err))
	}
	return nil
}

// free is how many failures of a key cost nothing.
func free(key string) int {
	if strings.HasPrefix(key, clientKey) {
		return freeOfClient
	}
	return freeFailures
}

const clientKey = "client:"

// keyOfClient is the key of who sends from an address. A network of IPv6 is one
// client, since its addresses cost nothing.
func keyOfClient(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return clientKey + address
	}
	if network, err := ip.WithZone("").Prefix(64); err == nil {
		address = network.String()
	}
	return clientKey + address
}

// succeeded forgets the failures of keys.
func (l limiter) succeeded(ctx context.Context, keys ...string) error {
	for _, k := range keys {
		_, failed, err := sqldb.Value[int64](ctx, l.db, `select count from failed_attempt where key = $1`, digest(k))
		if err == nil && failed {
			err = l.db.Write(ctx, func(tx *sqldb.Tx) error {
				_, err := tx.Exec(ctx, `delete from failed_attempt where key = $1`, digest(k))
				return err
			})
		}
		if err != nil {
			return l.db.Fault(fmt.Errorf("forget failed attempts: %w", err))
		}
	}
	return nil
}
