package quarantine

// kept knows which entries there are, in the order in which they came, so that the oldest can go first.
type kept struct {
	sizes    map[uint64]size
	stations map[string]*queue
	all      queue
}

type size struct {
	station string
	bytes   uint64
}

// queue holds ids in the order in which they came. Those that have gone are passed over when they come to the front.
type queue struct {
	ids   []uint64
	count int // of those that are still there
}

func newKept() kept { return kept{sizes: make(map[uint64]size), stations: make(map[string]*queue)} }

func (k *kept) add(e *Entry) {
	k.sizes[e.ID] = size{e.Station, uint64(len(e.Payload))}
	q := k.stations[e.Station]
	if q == nil {
		q = &queue{}
		k.stations[e.Station] = q
	}
	q.ids, q.count = append(q.ids, e.ID), q.count+1
	k.all.ids, k.all.count = append(k.all.ids, e.ID), k.all.count+1
}

// remove forgets an entry and returns the size of its payload; ok is false if it was not there.
func (k *kept) remove(id uint64) (bytes uint64, ok bool) {
	s, ok := k.sizes[id]
	if !ok {
		return 0, false
	}
	delete(k.sizes, id)
	k.all.count--
	if q := k.stations[s.station]; q.count == 1 {
		delete(k.stations, s.station)
	} else {
		q.count--
	}
	return s.bytes, true
}

// oldest returns the oldest entry of a queue that is not empty.
func (k *kept) oldest(q *queue) uint64 {
	for {
		id := q.ids[0]
		if _, ok := k.sizes[id]; ok {
			return id
		}
		q.ids = q.ids[1:]
	}
}
