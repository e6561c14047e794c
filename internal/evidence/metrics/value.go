package metrics

import (
	"math"
	"strconv"
	"strings"
)

// number reads a number with or without a unit behind it. A time comes out in
// seconds, a size in bytes, a percentage as it is written; K, M, Mil and the
// like multiply. gap says that the cell stands for no value.
func number(s string) (v float64, gap, ok bool) {
	s = strings.TrimSpace(s)
	if v, err := strconv.ParseFloat(s, 64); err == nil {
		return v, math.IsNaN(v) || math.IsInf(v, 0), true
	}
	switch strings.ToLower(s) {
	case "", "null", "none", "n/a", "na", "-", "--", "undefined", "no data", "nodata", "∞":
		return 0, true, true
	}
	n := strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune("+-.,0123456789eE", r) })
	if n < 0 {
		n = len(s)
	}
	digits := strings.TrimRight(s[:n], "eE")
	unit := strings.TrimSpace(s[len(digits):])
	v, err := strconv.ParseFloat(plain(digits), 64)
	factor, known := factorOf(unit)
	return v * factor, false, err == nil && known
}

// plain writes a number without separators of thousands and with a point.
func plain(s string) string {
	comma, point := strings.LastIndexByte(s, ','), strings.LastIndexByte(s, '.')
	switch {
	case comma < 0:
		return s
	case point > comma, strings.Count(s, ",") > 1: // 1,234.5 and 1,234,567
		return strings.ReplaceAll(s, ",", "")
	case point < 0 && len(s)-comma-1 == 3 && comma > 0 && s[:comma] != "0" && s[:comma] != "-0": // 1,234
		return strings.ReplaceAll(s, ",", "")
	}
	return strings.Replace(strings.ReplaceAll(s, ".", ""), ",", ".", 1) // 0,5 and 1.234,5
}

// factorOf returns what a unit multiplies by: "ms", "MiB", "K ops/s", "Mil".
func factorOf(unit string) (float64, bool) {
	if f, ok := factors[unit]; ok {
		return f, true
	}
	scale, rest, spaced := strings.Cut(unit, " ")
	if f, ok := scales[scale]; ok && spaced && word(rest) {
		return f, true
	}
	per, ok := strings.CutSuffix(unit, "/s")
	if f, known := factors[per]; ok && known {
		return f, true
	}
	return 1, word(unit) && (ok || strings.HasSuffix(unit, "ps") || strings.HasSuffix(unit, "/min") || strings.HasSuffix(unit, "/m"))
}

// word reports whether s could be a unit by its looks.
func word(s string) bool {
	return len(s) > 0 && len(s) <= 12 && strings.IndexFunc(s, func(r rune) bool { return r >= '0' && r <= '9' }) < 0
}

var scales = map[string]float64{"K": 1e3, "k": 1e3, "Mil": 1e6, "M": 1e6, "Bil": 1e9, "G": 1e9, "Tri": 1e12, "T": 1e12, "m": 1e-3}

var factors = map[string]float64{
	"": 1, "%": 1, "K": 1e3, "k": 1e3, "Mil": 1e6, "M": 1e6, "Bil": 1e9, "G": 1e9, "Tri": 1e12, "T": 1e12,
	"ns": 1e-9, "µs": 1e-6, "μs": 1e-6, "us": 1e-6, "ms": 1e-3, "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1,
	"min": 60, "mins": 60, "minute": 60, "minutes": 60, "h": 3600, "hour": 3600, "hours": 3600, "d": 86400, "day": 86400, "days": 86400, "week": 604800, "weeks": 604800,
	"B": 1, "bytes": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
	"b": 1, "kb": 1e3, "Kb": 1e3, "Mb": 1e6, "Gb": 1e9,
}
