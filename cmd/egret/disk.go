package main

import (
	"context"
	"fmt"
	"time"

	"egret/ingest/intake"
	"egret/ingest/quarantine"
	"egret/ingest/store"
)

// diskEvery is how often the disk's free space is looked at for the embedded broker.
const diskEvery = time.Second

// room says why nothing may be taken while the disk's reserve is reached: before the file system is full, since a
// write error inside the store ends the process.
func (s *service) room() error { return s.records.room() }

func (r *records) room() error {
	c := r.config
	free, err := store.FreeBytes(c.Data)
	if err == nil && free < c.Journal.DiskReserve {
		err = fmt.Errorf("%d MiB are free on the disk of %s, below the reserve of %d MiB (journal.disk_reserve); make room", free>>20, c.Data, c.Journal.DiskReserve>>20)
	}
	return err
}

// retry takes a quarantine entry again if there is room.
func (s *service) retry(ctx context.Context, e quarantine.Entry) (stored int, reasons []string, err error) {
	if err := s.room(); err != nil {
		return 0, nil, &intake.GateError{Reason: err}
	}
	return s.records.retry(ctx, e)
}

// holdStationsBack keeps stations away from the embedded broker while there is no room: it writes to the same disk,
// and would acknowledge what Egret cannot take.
func (s *service) holdStationsBack(ctx context.Context) error {
	if err := s.admitted(ctx); err != nil {
		return err
	}
	ticker := time.NewTicker(diskEvery)
	defer ticker.Stop()
	held := false
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return ctx.Err()
		}
		reason := s.room()
		if reason != nil && !held {
			s.log.Error("stations are held back", "reason", reason.Error())
		}
		switch {
		case reason != nil:
			if err := s.broker.Suspend(); err != nil {
				return err
			}
		case held:
			s.broker.Admit()
			s.log.Info("stations are let in again")
		}
		held = reason != nil
	}
}
