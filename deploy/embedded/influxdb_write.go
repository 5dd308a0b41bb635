package embedded

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/influxdata/influxdb"
	"github.com/influxdata/influxdb/models"
	"github.com/influxdata/influxdb/tsdb"
)

// influxTarget is where a write goes and how its times are to be read.
type influxTarget struct {
	database  string
	policy    string // empty: the database's default retention policy
	precision string // as the engine's parser knows it; empty: nanoseconds
}

// writeV2 takes the 2.x form, where a bucket is "database" or
// "database/retention-policy" and the organisation means nothing.
func (h *influxHandler) writeV2(w http.ResponseWriter, r *http.Request) {
	parameters := r.URL.Query()
	precision, known := map[string]string{"": "", "ns": "n", "us": "u", "ms": "ms", "s": "s"}[parameters.Get("precision")]
	if !known {
		answerInfluxError(w, refuseInflux(http.StatusBadRequest,
			"invalid precision %q (use ns, us, ms or s)", parameters.Get("precision")))
		return
	}
	database, policy, _ := strings.Cut(parameters.Get("bucket"), "/")
	if database == "" {
		answerInfluxError(w, refuseInflux(http.StatusNotFound,
			"bucket %q names no database: give bucket=database or bucket=database/retention-policy", parameters.Get("bucket")))
		return
	}
	h.answerWrite(w, r, influxTarget{database: database, policy: policy, precision: precision})
}

func (h *influxHandler) writeV1(w http.ResponseWriter, r *http.Request) {
	parameters := r.URL.Query()
	precision := parameters.Get("precision")
	switch precision {
	case "", "n", "ns", "u", "ms", "s", "m", "h":
	case "us":
		precision = "u"
	default:
		answerInfluxError(w, refuseInflux(http.StatusBadRequest,
			"invalid precision %q (use n, u, ms, s, m or h)", precision))
		return
	}
	database := parameters.Get("db")
	if database == "" {
		answerInfluxError(w, refuseInflux(http.StatusBadRequest, "database is required"))
		return
	}
	h.answerWrite(w, r, influxTarget{database: database, policy: parameters.Get("rp"), precision: precision})
}

func (h *influxHandler) answerWrite(w http.ResponseWriter, r *http.Request, target influxTarget) {
	if err := h.write(r, target); err != nil {
		answerInfluxError(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// write stores the lines of the body. Lines that cannot be parsed or do not
// fit are left out, the others are stored all the same, and the error says
// "partial write".
func (h *influxHandler) write(r *http.Request, target influxTarget) error {
	if h.engine.catalogue.Database(target.database) == nil {
		return refuseInflux(http.StatusNotFound, "database not found: %q", target.database)
	}
	lines, err := readInfluxLines(r)
	if err != nil {
		return err
	}

	points, parseErr := models.ParsePointsWithPrecision(lines, time.Now().UTC(), target.precision)
	if parseErr != nil && len(points) == 0 {
		return refuseInflux(http.StatusBadRequest, "%w", parseErr)
	}

	err = h.engine.points.WritePoints(target.database, target.policy, models.ConsistencyLevelOne, nil, points)
	if partial := (tsdb.PartialWriteError{}); errors.As(err, &partial) || influxdb.IsClientError(err) {
		return refuseInflux(http.StatusBadRequest, "%w", err)
	}
	if err != nil {
		return err
	}
	if parseErr != nil {
		return refuseInflux(http.StatusBadRequest, "%w", tsdb.PartialWriteError{Reason: parseErr.Error()})
	}
	return nil
}

// readInfluxLines reads the body, unpacking gzip. The buffer is never used
// again for another request, since points refer into it.
func readInfluxLines(r *http.Request) ([]byte, error) {
	tooLarge := refuseInflux(http.StatusRequestEntityTooLarge, "%s", http.StatusText(http.StatusRequestEntityTooLarge))
	if r.ContentLength > influxMaxBody {
		return nil, tooLarge
	}

	var body io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(r.Body)
		if err != nil {
			return nil, refuseInflux(http.StatusBadRequest, "unpack gzip body: %w", err)
		}
		body = unpacked
	}

	var lines bytes.Buffer
	lines.Grow(int(max(r.ContentLength, 0)) + bytes.MinRead)
	if _, err := lines.ReadFrom(io.LimitReader(body, influxMaxBody+1)); err != nil {
		return nil, refuseInflux(http.StatusBadRequest, "read body: %w", err)
	}
	if lines.Len() > influxMaxBody {
		return nil, tooLarge
	}
	return lines.Bytes(), nil
}
