package dump

import (
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// Read adds the rows of a stream to db, whose tables are there and empty: all of
// them, or none when it fails.
func Read(ctx context.Context, db *sqldb.DB, r io.Reader) error {
	z, err := gzip.NewReader(r)
	if err != nil {
		return damaged("it is not compressed")
	}
	d := json.NewDecoder(z)
	d.UseNumber()
	read := false
	err = db.Write(ctx, func(tx *sqldb.Tx) error {
		if read {
			return errors.New("the rows were read in part; begin again")
		}
		read = true // a stream can be read only once
		return readAll(ctx, tx, d)
	})
	if err != nil {
		return fmt.Errorf("restore the rows of %s: %w", db.Place(), err)
	}
	return nil
}

func readAll(ctx context.Context, tx *sqldb.Tx, d *json.Decoder) error {
	var h header
	if err := d.Decode(&h); err != nil || h.Format == 0 {
		return damaged("it has no header")
	}
	schema, err := version(ctx, tx)
	if err != nil {
		return err
	}
	if h.Format > format || h.Schema > schema {
		return hindcast.Errorf(hindcast.Invalid, "the backup was made by a later version (tables %d, this one knows %d); install that version first", h.Schema, schema)
	}
	here, err := tables(ctx, tx)
	if err != nil {
		return err
	}
	if err := empty(ctx, tx, here); err != nil {
		return err
	}
	return readTables(ctx, tx, d, here)
}

// empty refuses a database that has rows.
func empty(ctx context.Context, tx *sqldb.Tx, list []table) error {
	for _, t := range list {
		_, found, err := sqldb.Value[int](ctx, tx, `select 1 from `+quote(t.Name)+` limit 1`)
		if err != nil {
			return err
		}
		if found {
			return hindcast.Errorf(hindcast.Conflict, "the database is in use (table %s has rows); restore into an empty one", t.Name)
		}
	}
	return nil
}

func readTables(ctx context.Context, tx *sqldb.Tx, d *json.Decoder, here []table) error {
	var insert string
	var t table
	var rows int64
	for {
		var line json.RawMessage
		if err := d.Decode(&line); err != nil {
			return damaged("it ends after " + fmt.Sprint(rows) + " rows")
		}
		if line[0] == '[' {
			if err := readRow(ctx, tx, t, insert, line); err != nil {
				return err
			}
			rows++
			continue
		}
		end := trailer{Rows: -1}
		if err := json.Unmarshal(line, &end); err != nil {
			return damaged("a line is not readable")
		}
		if end.Rows == rows {
			if _, err := d.Token(); !errors.Is(err, io.EOF) { // the checksum is read with the end
				return damaged("its checksum is wrong")
			}
			return sequences(ctx, tx, here)
		}
		t = table{}
		if err := json.Unmarshal(line, &t); err != nil || end.Rows >= 0 {
			return damaged("rows are missing")
		}
		var err error
		if insert, err = t.insert(here); err != nil {
			return err
		}
	}
}

// insert returns the statement that adds a row. Names come from a file: they are
// used only when the database has them.
func (t table) insert(here []table) (string, error) {
	known := map[string]bool{}
	for _, h := range here {
		for _, c := range h.Columns {
			known[h.Name+"."+c.Name] = true
		}
	}
	var marks []string
	for i, c := range t.Columns {
		if !known[t.Name+"."+c.Name] {
			return "", damaged("it has the unknown column " + t.Name + "." + c.Name)
		}
		marks = append(marks, fmt.Sprintf("$%d", i+1))
	}
	return `insert into ` + quote(t.Name) + ` (` + names(t.Columns) + `) values (` + strings.Join(marks, ", ") + `)`, nil
}

func readRow(ctx context.Context, tx *sqldb.Tx, t table, insert string, line []byte) error {
	var cells []json.RawMessage
	if err := json.Unmarshal(line, &cells); err != nil || len(cells) != len(t.Columns) || insert == "" {
		return damaged("a row of table " + t.Name + " is not readable")
	}
	values := make([]any, len(cells))
	for i, cell := range cells {
		v, err := t.Columns[i].Kind.read(cell)
		if err != nil {
			return damaged("a row of table " + t.Name + " holds a wrong value")
		}
		values[i] = v
	}
	if _, err := tx.Exec(ctx, insert, values...); err != nil {
		return fmt.Errorf("add a row to table %s: %w", t.Name, err)
	}
	return nil
}

// read returns the value of a cell as a statement's argument.
func (k kind) read(cell []byte) (any, error) {
	if string(cell) == "null" {
		return nil, nil
	}
	var err error
	switch k {
	case integer:
		var n int64
		err = json.Unmarshal(cell, &n)
		return n, err
	case boolean:
		var b bool
		err = json.Unmarshal(cell, &b)
		return b, err
	case float:
		var f float64
		err = json.Unmarshal(cell, &f)
		return f, err
	}
	var s string
	if err = json.Unmarshal(cell, &s); err != nil || k != binary {
		return s, err
	}
	return base64.StdEncoding.DecodeString(s)
}

// sequences lets PostgreSQL number new rows behind those that were restored.
func sequences(ctx context.Context, tx *sqldb.Tx, here []table) error {
	if tx.Dialect().Engine != sqldb.PostgreSQL {
		return nil
	}
	for _, t := range here {
		for _, c := range t.Columns {
			if c.Kind != integer {
				continue
			}
			_, err := tx.Exec(ctx, `select setval(pg_get_serial_sequence($1, $2), max(`+quote(c.Name)+`)) from `+quote(t.Name)+` having max(`+quote(c.Name)+`) is not null`, quote(t.Name), c.Name)
			if err != nil {
				return fmt.Errorf("number the rows of table %s: %w", t.Name, err)
			}
		}
	}
	return nil
}
