// Package dump copies the rows of a database into a stream and back, from either
// engine to either: for backups of PostgreSQL and for moving from SQLite to
// PostgreSQL. It knows no table by name; what the tables are, the migrations say.
//
// The stream is gzip of lines of JSON: a header, then for each table a line with
// its columns, a line for each row, and at the end the number of rows, by which a
// stream that was cut short is noticed. Tables come after those that they refer
// to.
package dump

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// format is the version of the stream.
const format = 1

// header is the first line.
type header struct {
	Format int   `json:"hindcast_rows"`
	Schema int64 `json:"schema"` // the number of the last migration
}

// table is the line before the rows of a table.
type table struct {
	Name    string   `json:"table"`
	Columns []column `json:"columns"`
}

type column struct {
	Name string `json:"name"`
	Kind kind   `json:"kind"`
}

// kind says how the values of a column are written.
type kind string

const (
	text    kind = "text"
	integer kind = "integer"
	boolean kind = "boolean"
	float   kind = "float"
	binary  kind = "binary" // base64
)

// trailer is the last line.
type trailer struct {
	Rows int64 `json:"rows"`
}

// Write writes all rows of db as they are at one moment.
func Write(ctx context.Context, db *sqldb.DB, w io.Writer) error {
	z := gzip.NewWriter(w)
	b := bufio.NewWriterSize(z, 1<<16)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	err := db.Read(ctx, func(tx *sqldb.Tx) error { return writeAll(ctx, tx, e) })
	if err != nil {
		return fmt.Errorf("copy the rows of %s: %w", db.Place(), err)
	}
	if err := b.Flush(); err != nil {
		return err
	}
	return z.Close()
}

func writeAll(ctx context.Context, tx *sqldb.Tx, e *json.Encoder) error {
	schema, err := version(ctx, tx)
	if err != nil {
		return err
	}
	if err := e.Encode(header{format, schema}); err != nil {
		return err
	}
	list, err := tables(ctx, tx)
	if err != nil {
		return err
	}
	var end trailer
	for _, t := range list {
		if err := e.Encode(t); err != nil {
			return err
		}
		n, err := writeRows(ctx, tx, t, e)
		if err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		end.Rows += n
	}
	return e.Encode(end)
}

func writeRows(ctx context.Context, tx *sqldb.Tx, t table, e *json.Encoder) (n int64, err error) {
	rows, err := tx.Query(ctx, `select `+names(t.Columns)+` from `+quote(t.Name))
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }() // rows.Err below tells
	values, to := make([]any, len(t.Columns)), make([]any, len(t.Columns))
	for ; rows.Next(); n++ {
		for i, c := range t.Columns {
			values[i] = c.Kind.value()
			to[i] = values[i]
		}
		if err := rows.Scan(to...); err != nil {
			return n, err
		}
		if err := e.Encode(values); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}

// value returns a place for a value that is written as JSON as it is.
func (k kind) value() any {
	switch k {
	case integer:
		return new(*int64)
	case boolean:
		return new(*bool)
	case float:
		return new(*float64)
	case binary:
		return new([]byte)
	}
	return new(*string)
}

// version returns the number of the last migration.
func version(ctx context.Context, tx *sqldb.Tx) (int64, error) {
	n, _, err := sqldb.Value[int64](ctx, tx, `select max(version_id) from schema_version`)
	return n, err
}

// The statements that list tables and what they refer to. An FTS5 index is left
// out with the tables that it is made of: it is made again from its rows.
var (
	listColumns = map[sqldb.Engine]string{
		sqldb.SQLite: `select m.name, c.name, lower(c.type) from sqlite_master m, pragma_table_xinfo(m.name) c
			where m.type = 'table' and c.hidden = 0 and m.sql not like 'create virtual%' and m.name not like 'sqlite_%'
			and not exists (select 1 from sqlite_master v where v.sql like 'create virtual%' and m.name like v.name || '_%') order by m.name, c.cid`,
		sqldb.PostgreSQL: `select table_name, column_name, data_type from information_schema.columns
			where table_schema = current_schema() and is_generated = 'NEVER' order by table_name, ordinal_position`,
	}
	listReferences = map[sqldb.Engine]string{
		sqldb.SQLite: `select m.name, f."table" from sqlite_master m, pragma_foreign_key_list(m.name) f where m.type = 'table'`,
		sqldb.PostgreSQL: `select a.relname, b.relname from pg_constraint c join pg_class a on a.oid = c.conrelid join pg_class b on b.oid = c.confrelid
			where c.contype = 'f' and c.connamespace = (select oid from pg_namespace where nspname = current_schema())`,
	}
)

// tables returns the tables with rows to copy, each after those it refers to.
func tables(ctx context.Context, tx *sqldb.Tx) ([]table, error) {
	found, err := sqldb.All(ctx, tx, func(scan func(...any) error) (row [3]string, err error) {
		err = scan(&row[0], &row[1], &row[2])
		return row, err
	}, listColumns[tx.Dialect().Engine])
	if err != nil {
		return nil, err
	}
	var list []table
	for _, r := range found {
		if r[0] == "schema_version" {
			continue
		}
		if len(list) == 0 || list[len(list)-1].Name != r[0] {
			list = append(list, table{Name: r[0]})
		}
		t := &list[len(list)-1]
		t.Columns = append(t.Columns, column{r[1], kindOf(r[2])})
	}
	return ordered(ctx, tx, list)
}

func kindOf(sqlType string) kind {
	switch {
	case strings.Contains(sqlType, "bool"):
		return boolean
	case strings.Contains(sqlType, "int"):
		return integer
	case sqlType == "bytea", sqlType == "blob":
		return binary
	case strings.Contains(sqlType, "real"), strings.Contains(sqlType, "double"):
		return float
	}
	return text
}

// ordered sorts tables by what they refer to, and by name.
func ordered(ctx context.Context, tx *sqldb.Tx, list []table) ([]table, error) {
	references, err := sqldb.All(ctx, tx, func(scan func(...any) error) (r [2]string, err error) {
		err = scan(&r[0], &r[1])
		return r, err
	}, listReferences[tx.Dialect().Engine])
	if err != nil {
		return nil, err
	}
	depth := map[string]int{}
	for range list { // a chain is no longer than there are tables
		for _, r := range references {
			if r[0] != r[1] {
				depth[r[0]] = max(depth[r[0]], min(depth[r[1]]+1, len(list)))
			}
		}
	}
	slices.SortFunc(list, func(a, b table) int {
		return cmp.Or(cmp.Compare(depth[a.Name], depth[b.Name]), cmp.Compare(a.Name, b.Name))
	})
	return list, nil
}

func names(list []column) string {
	var out []string
	for _, c := range list {
		out = append(out, quote(c.Name))
	}
	return strings.Join(out, ", ")
}

// quote writes a name of a table or column.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// damaged is the error for a stream that cannot be read.
func damaged(why string) error {
	return hindcast.Errorf(hindcast.Invalid, "the backup is damaged or incomplete (%s); nothing was restored; use another one", why)
}
