package dev.lunasec.operator.rotation;

import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.operator.keyring.KeyringIndex;
import dev.lunasec.operator.keyring.RecordPresence;
import dev.lunasec.operator.rotation.Step.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A vault with two pods, a few records and up to three shares, and all that can happen to it next. Everything that
 * takes several writes takes several events here, and may end after each of them. A set of shares is a mask with bit 1
 * for share 1, bit 2 for share 2, bit 4 for share 3. Records of which the same is true are the same, as are pods and
 * workers.
 */
@SuppressWarnings("EnumOrdinal") // the numbers live as long as a search
final class SmallWorld {
    static final int RECORDS = 3;
    private static final int PODS = 2;
    private static final int WORKERS = 2;
    private static final JobState[] JOBS = JobState.values();
    private static final Action[] ACTIONS = Action.values();
    private static final Instant NOW = Instant.EPOCH;
    private static final Duration GRACE = Duration.ofHours(1);
    private static final Duration YEAR = Duration.ofDays(365);

    /**
     * What answers a pass: the right store, an empty one in its place, or the right one that lists no record and no
     * start marker.
     */
    private enum Store {
        RIGHT,
        SWAPPED,
        HIDING
    }

    /** What there is of a token: nothing, it was given out, its marker is put, its erasure was answered. */
    private static final int NONE = 0;

    private static final int LIVE = 1;
    private static final int ERASING = 2;
    private static final int GONE = 3;

    /** Where a worker is with a record: it has got it, put it, looked for the marker. */
    private static final int GOT = 1;

    private static final int PUT = 2;
    private static final int LOOKED = 3;

    /** The keyring Secret, and that of the retired shares, with those whose grace is over. */
    private int primary = 1;

    private int shares = 1;
    private int made = 1;
    private int served;
    private int retired;
    private int over;
    /** How often someone has asked for a rotation. */
    private int asked;
    /** By share: how its Job stands. */
    private final JobState[] rewrap = {JobState.NONE, JobState.NONE, JobState.NONE, JobState.NONE};

    private final JobState[] sweep = {JobState.NONE, JobState.NONE, JobState.NONE, JobState.NONE};
    /** By pod: what it announces, and what it runs with; 0 for one that does not run. */
    private final int[] announcedPrimary = {1, 1};

    private final int[] announced = {1, 1};
    private final int[] loadedPrimary = {1, 1};
    private final int[] loaded = {1, 1};
    /** The primary share of a pod that nobody sees any more and that still runs; 0 for none. Once in a world. */
    private int cutOff;

    private int cutOffOnce;
    /** What the operator has decided to do. */
    private @Nullable Action action;

    private int actionShare;
    /** By record: what of it there is, under which shares, whether a cut-off pod wrote it. */
    private final int[] life = new int[RECORDS];

    private final int[] places = new int[RECORDS];
    private final int[] late = new int[RECORDS];
    private final int[] swept = new int[RECORDS];
    /** The shares that a pod runs with that erases it, 0 for none, and those that it is still to be deleted under. */
    private final int[] eraser = new int[RECORDS];

    private final int[] toErase = new int[RECORDS];
    private final int[][] worker = new int[WORKERS][RECORDS];

    private final List<Store> stores;
    private final Function<RotationState, Step> next;
    /** What the operator decides, by what it observes: a pass observes the same in a great many states. */
    private final Map<Long, Step> decisions = new HashMap<>();

    private final int rotations;

    SmallWorld(Function<RotationState, Step> next, int rotations) {
        // While records of a share are hidden, the operator begins the next rotation, so more shares are live at the
        // same time. With several rotations, these are too many states for a test.
        this.stores = rotations == 1 ? List.of(Store.values()) : List.of(Store.RIGHT, Store.SWAPPED);
        this.next = next;
        this.rotations = rotations;
    }

    /** Tells each state that may come next. The world itself is as before afterwards. */
    void successors(Consumer<long[]> take) {
        long[] here = encode();
        event(asked < rotations, () -> asked++, here, take);
        theOperator(here, take);
        for (int pod = 0; pod < PODS; pod++) aPod(pod, here, take);
        event(cutOff > 0, () -> cutOff = 0, here, take);
        int retiredNow = retired & ~shares & ~over;
        event(retiredNow != 0 && cutOff == 0, () -> over |= retiredNow, here, take);
        for (int record = 0; record < RECORDS; record++) aRecord(record, here, take);
        for (int share = 1; share <= 3; share++) jobs(share, here, take);
    }

    private void theOperator(long[] here, Consumer<long[]> take) {
        if (action == null) {
            // Clocks and stores change at any moment, but matter only to a pass that observes them.
            for (boolean jumped : new boolean[] {false, true}) {
                for (Store store : stores) {
                    Step step = decision(jumped, store);
                    event(changes(step), () -> decide(step), here, take);
                }
            }
            return;
        }
        event(true, this::act, here, take);
        event(true, this::forget, here, take);
    }

    private void decide(Step step) {
        action = step.action();
        actionShare = step.share();
    }

    private void forget() {
        action = null;
        actionShare = 0;
    }

    private void act() {
        int bit = bit(actionShare);
        Action now = java.util.Objects.requireNonNull(action);
        switch (now) {
            case ADD_SHARE -> {
                made = actionShare;
                shares |= bit;
                served = asked;
            }
            case MAKE_PRIMARY -> primary = actionShare;
            case START_REWRAP -> rewrap[actionShare] = JobState.RUNNING;
            // Of a Job that still worked its pods are left for a while, and count as one that runs.
            case END_REWRAP ->
                rewrap[actionShare] = rewrap[actionShare] == JobState.OUTDATED ? JobState.RUNNING : JobState.NONE;
            case START_SWEEP -> sweep[actionShare] = JobState.RUNNING;
            case END_SWEEP -> endSweep(actionShare, JobState.NONE);
            case COPY_TO_RETIRED -> {
                retired |= bit;
                over &= ~bit;
            }
            case RETIRE -> shares &= ~bit;
            case RESTORE -> shares |= bit;
            case DESTROY -> {
                retired &= ~bit;
                over &= ~bit;
            }
            case WAIT, MARK_START -> throw new IllegalStateException("nobody acts on this");
        }
        forget();
    }

    private void aPod(int pod, long[] here, Consumer<long[]> take) {
        event(true, () -> replace(pod), here, take);
        event(true, () -> restart(pod), here, take);
        if (loaded[pod] == 0) return;
        event(
                cutOffOnce == 0,
                () -> {
                    cutOff = loadedPrimary[pod];
                    cutOffOnce = 1;
                    replace(pod);
                },
                here,
                take);
        for (int record = 0; record < RECORDS; record++) {
            int r = record;
            event(life[r] == NONE, () -> put(r, loadedPrimary[pod], 0), here, take);
            boolean erases = (life[r] == LIVE && reads(pod, r)) || (life[r] == ERASING && eraser[r] == 0);
            event(
                    erases,
                    () -> {
                        life[r] = ERASING;
                        eraser[r] = loaded[pod];
                        toErase[r] = loaded[pod];
                    },
                    here,
                    take);
        }
    }

    /** A rollout, or a node that is gone: another pod, made for the keyring as it is. */
    private void replace(int pod) {
        announced[pod] = shares;
        announcedPrimary[pod] = primary;
        loaded[pod] = shares;
        loadedPrimary[pod] = primary;
    }

    /** The same pod again, with the keyring as it is; it does not run with less than it announces. */
    private void restart(int pod) {
        boolean covers = (announced[pod] & ~shares) == 0 && primary >= announcedPrimary[pod];
        loaded[pod] = covers ? shares : 0;
        loadedPrimary[pod] = covers ? primary : 0;
    }

    private void put(int record, int share, int isLate) {
        life[record] = LIVE;
        places[record] = bit(share);
        late[record] = isLate;
    }

    private void aRecord(int record, long[] here, Consumer<long[]> take) {
        int r = record;
        event(
                life[r] == NONE && cutOff > 0,
                () -> {
                    put(r, cutOff, 1);
                    cutOff = 0;
                },
                here,
                take);
        if (eraser[r] != 0) {
            event(true, () -> eraseOne(r), here, take);
            event(
                    true,
                    () -> {
                        eraser[r] = 0;
                        toErase[r] = 0;
                    },
                    here,
                    take);
        }
        // The nightly sweep.
        event(life[r] >= ERASING && (places[r] & shares) != 0, () -> places[r] &= ~shares, here, take);
    }

    private void eraseOne(int r) {
        if (toErase[r] != 0) {
            places[r] &= ~Integer.lowestOneBit(toErase[r]);
            toErase[r] &= ~Integer.lowestOneBit(toErase[r]);
        }
        if (toErase[r] != 0) return;
        eraser[r] = 0;
        life[r] = GONE;
    }

    private void jobs(int share, long[] here, Consumer<long[]> take) {
        if (moves(share)) {
            for (int w = 0; w < WORKERS; w++) work(share, w, here, take);
            event(idle() && !anyUnder(share), () -> rewrap[share] = JobState.DONE, here, take);
            event(idle(), () -> rewrap[share] = JobState.FAILED, here, take);
        }
        // Another rate is asked for; or the pods of a Job that was ended, or that somebody deleted, are gone.
        event(rewrap[share] == JobState.RUNNING, () -> rewrap[share] = JobState.OUTDATED, here, take);
        event(rewrap[share] == JobState.RUNNING && idle(), () -> rewrap[share] = JobState.NONE, here, take);
        if (sweep[share] == JobState.RUNNING) {
            boolean all = true;
            for (int record = 0; record < RECORDS; record++) {
                int r = record;
                event(swept[r] == 0, () -> sweepOne(r), here, take);
                all &= swept[r] == 1;
            }
            event(all, () -> endSweep(share, JobState.DONE), here, take);
            event(true, () -> endSweep(share, JobState.FAILED), here, take);
        }
    }

    private void work(int share, int w, long[] here, Consumer<long[]> take) {
        int at = recordOf(w);
        if (at < 0) {
            for (int record = 0; record < RECORDS; record++) {
                int r = record;
                event((places[r] & bit(share)) != 0, () -> worker[w][r] = GOT, here, take);
            }
            return;
        }
        event(true, () -> move(share, w, at), here, take);
        event(true, () -> worker[w][at] = 0, here, take); // it dies
    }

    private void move(int share, int w, int r) {
        switch (worker[w][r]) {
            case GOT -> {
                places[r] |= bit(primary);
                worker[w][r] = PUT;
            }
            case PUT -> {
                if (life[r] >= ERASING) places[r] &= ~bit(primary);
                worker[w][r] = LOOKED;
            }
            default -> {
                places[r] &= ~bit(share);
                worker[w][r] = 0;
            }
        }
    }

    private void sweepOne(int r) {
        swept[r] = 1;
        if (life[r] >= ERASING) places[r] &= ~shares;
    }

    private void endSweep(int share, JobState as) {
        sweep[share] = as;
        java.util.Arrays.fill(swept, 0);
    }

    private void event(boolean possible, Runnable happens, long[] here, Consumer<long[]> take) {
        if (!possible) return;
        happens.run();
        whatEndsWithItsPod();
        long[] there = encode();
        decode(here);
        if (there[0] != here[0] || there[1] != here[1]) take.accept(there);
    }

    /** Who erases is a call that a pod serves: one of its kind must run. */
    private void whatEndsWithItsPod() {
        for (int r = 0; r < RECORDS; r++) {
            if (eraser[r] == loaded[0] || eraser[r] == loaded[1]) continue;
            eraser[r] = 0;
            toErase[r] = 0;
        }
    }

    /** What must be true at any time; null when it is. */
    @Nullable
    String violation() {
        for (int r = 0; r < RECORDS; r++) {
            int there = shares | retired;
            if (life[r] == LIVE && (places[r] & there) == 0) return "a live record has no share that opens it any more";
            for (int pod = 0; pod < PODS; pod++) {
                if (loaded[pod] == 0) continue;
                if (life[r] == LIVE && late[r] == 0 && !reads(pod, r)) return "a live token does not read";
                if (life[r] == GONE && reads(pod, r)) return "an erased token reads";
            }
        }
        return null;
    }

    /** As the tokenizer looks: while two shares are live, the marker wins. */
    private boolean reads(int pod, int r) {
        if ((places[r] & loaded[pod]) == 0) return false;
        return life[r] == LIVE || Integer.bitCount(loaded[pod]) == 1;
    }

    /** Whether all is done that was asked for, and nothing is left of what was erased or replaced. */
    boolean quiet() {
        if (action != null || served != asked || shares != bit(primary) || retired != 0) return false;
        for (int r = 0; r < RECORDS; r++) {
            if (life[r] == LIVE && places[r] != bit(primary)) return false;
            if (life[r] >= ERASING && places[r] != 0) return false;
        }
        return cutOff == 0;
    }

    /** What happens when nothing goes wrong any more: the first thing that can; null when there is nothing. */
    long @Nullable [] calm() {
        long[] here = encode();
        List<long[]> first = new ArrayList<>();
        Consumer<long[]> take = first::add;
        event(cutOff > 0, () -> cutOff = 0, here, take);
        if (first.isEmpty() && action != null) event(true, this::act, here, take);
        for (int pod = 0; pod < PODS && first.isEmpty(); pod++) {
            int p = pod;
            event(true, () -> replace(p), here, take);
        }
        for (int record = 0; record < RECORDS && first.isEmpty(); record++) {
            int r = record;
            event(eraser[r] != 0, () -> eraseOne(r), here, take);
        }
        for (int w = 0; w < WORKERS && first.isEmpty(); w++) {
            int at = recordOf(w);
            int moving = w;
            for (int share = 1; share <= 3 && at >= 0; share++) {
                int s = share;
                event(moves(s), () -> move(s, moving, at), here, take);
            }
        }
        // A Job that is to be replaced is so before its workers begin with another record.
        if (first.isEmpty() && Arrays.asList(rewrap).contains(JobState.OUTDATED)) calmDecision(here, take);
        for (int share = 1; share <= 3 && first.isEmpty(); share++) calmJobs(share, here, take);
        if (first.isEmpty()) calmDecision(here, take);
        if (first.isEmpty()) {
            int retiredNow = retired & ~shares & ~over;
            event(retiredNow != 0, () -> over |= retiredNow, here, take);
        }
        for (int record = 0; record < RECORDS && first.isEmpty(); record++) {
            int r = record;
            event(life[r] >= ERASING, () -> places[r] &= ~shares, here, take);
        }
        return first.isEmpty() ? null : first.get(0);
    }

    private void calmDecision(long[] here, Consumer<long[]> take) {
        Step step = decision(false, Store.RIGHT);
        event(changes(step), () -> decide(step), here, take);
    }

    /** The start markers are always there, and a store that hides them goes on hiding them. */
    private static boolean changes(Step step) {
        return step.action() != Action.WAIT && step.action() != Action.MARK_START;
    }

    private void calmJobs(int share, long[] here, Consumer<long[]> take) {
        if (rewrap[share] == JobState.RUNNING) {
            for (int record = 0; record < RECORDS; record++) {
                int r = record;
                if ((places[r] & bit(share)) == 0) continue;
                event(recordOf(0) < 0, () -> worker[0][r] = GOT, here, take);
                return;
            }
            event(idle(), () -> rewrap[share] = JobState.DONE, here, take);
        }
        if (sweep[share] == JobState.RUNNING) {
            for (int record = 0; record < RECORDS; record++) {
                int r = record;
                if (swept[r] == 1) continue;
                event(true, () -> sweepOne(r), here, take);
                return;
            }
            event(true, () -> endSweep(share, JobState.DONE), here, take);
        }
    }

    private Step decision(boolean jumped, Store store) {
        return decisions.computeIfAbsent(observed(jumped, store), number -> next.apply(observe(jumped, store)));
    }

    /** All that {@link #observe} reads, as one number. */
    private long observed(boolean jumped, Store store) {
        long number = store.ordinal();
        number = number << 1 | (jumped ? 1 : 0);
        number = number << 3 | places[0] | places[1] | places[2];
        number = number << 2 | primary;
        number = number << 3 | shares;
        number = number << 2 | served;
        number = number << 3 | retired;
        number = number << 3 | over;
        number = number << 2 | asked;
        for (int share = 1; share <= 3; share++) {
            number = number << 3 | rewrap[share].ordinal();
            number = number << 3 | sweep[share].ordinal();
        }
        for (int pod = 0; pod < PODS; pod++) number = number << 5 | announcedPrimary[pod] << 3 | announced[pod];
        return number;
    }

    /**
     * What a pass of the operator observes.
     *
     * @param jumped whether the clock of the API server is a year ahead of the others
     */
    private RotationState observe(boolean jumped, Store store) {
        Map<Integer, Instant> since = new HashMap<>();
        Map<Integer, JobState> rewraps = new HashMap<>();
        Map<Integer, JobState> sweeps = new HashMap<>();
        Map<Integer, RecordPresence> left = new HashMap<>();
        for (int share = 1; share <= 3; share++) {
            if ((retired & bit(share)) != 0) since.put(share, (over & bit(share)) != 0 ? NOW.minus(GRACE) : NOW);
            rewraps.put(share, rewrap[share]);
            sweeps.put(share, sweep[share]);
            left.put(share, presence(share, store));
        }
        List<KeyringAnnouncement> pods = new ArrayList<>();
        for (int pod = 0; pod < PODS; pod++) {
            pods.add(new KeyringAnnouncement(announcedPrimary[pod], numbers(announced[pod])));
        }
        return new RotationState(
                new RotationPolicy(1 + asked, null, Duration.ZERO, GRACE, Set.of(), Set.of(), Set.of()),
                new KeyringIndex(primary, numbers(shares), 1 + served, null, null),
                since,
                "",
                true,
                store != Store.SWAPPED,
                pods,
                true,
                rewraps,
                sweeps,
                left,
                Map.of(),
                List.of(),
                jumped ? NOW.plus(YEAR) : NOW,
                new Clocks(jumped ? YEAR : Duration.ZERO, Duration.ZERO));
    }

    private RecordPresence presence(int share, Store store) {
        return switch (store) {
            case RIGHT -> anyUnder(share) ? RecordPresence.SOME : RecordPresence.NONE;
            case SWAPPED -> RecordPresence.NONE;
            case HIDING -> RecordPresence.UNPROVEN;
        };
    }

    private boolean anyUnder(int share) {
        for (int place : places) if ((place & bit(share)) != 0) return true;
        return false;
    }

    private boolean moves(int share) {
        return rewrap[share] == JobState.RUNNING || rewrap[share] == JobState.OUTDATED;
    }

    private boolean idle() {
        return recordOf(0) < 0 && recordOf(1) < 0;
    }

    private int recordOf(int w) {
        for (int r = 0; r < RECORDS; r++) if (worker[w][r] != 0) return r;
        return -1;
    }

    private static int bit(int share) {
        return 1 << (share - 1);
    }

    private static List<Integer> numbers(int mask) {
        List<Integer> numbers = new ArrayList<>();
        for (int share = 1; share <= 3; share++) if ((mask & bit(share)) != 0) numbers.add(share);
        return numbers;
    }

    /** As two numbers; worlds that differ only in the order of their records, pods or workers have the same ones. */
    long[] encode() {
        long one = slots(0, 1);
        long other = slots(1, 0);
        long first = Math.min(one, other);
        int a = pod(0);
        int b = pod(1);
        long second = (long) Math.min(a, b) << 10 | Math.max(a, b);
        second = second << 2 | primary;
        second = second << 3 | shares;
        second = second << 2 | made;
        second = second << 2 | served;
        second = second << 3 | retired;
        second = second << 3 | over;
        second = second << 2 | asked;
        for (int share = 1; share <= 3; share++)
            second = second << 5 | rewrap[share].ordinal() << 2 | sweep[share].ordinal();
        second = second << 2 | cutOff;
        second = second << 1 | cutOffOnce;
        second = second << 4 | (action == null ? 0 : action.ordinal() + 1);
        second = second << 2 | actionShare;
        return new long[] {first, second};
    }

    private int pod(int pod) {
        return announcedPrimary[pod] << 8 | announced[pod] << 5 | loadedPrimary[pod] << 3 | loaded[pod];
    }

    private long slots(int w1, int w2) {
        long a = slot(0, w1, w2);
        long b = slot(1, w1, w2);
        long c = slot(2, w1, w2);
        long least = Math.min(a, Math.min(b, c));
        long most = Math.max(a, Math.max(b, c));
        return least << 34 | (a + b + c - least - most) << 17 | most;
    }

    private int slot(int r, int w1, int w2) {
        return life[r] << 15
                | eraser[r] << 12
                | places[r] << 9
                | late[r] << 8
                | swept[r] << 7
                | toErase[r] << 4
                | worker[w1][r] << 2
                | worker[w2][r];
    }

    /** Becomes the world of these two numbers. */
    void decode(long[] state) {
        long first = state[0];
        for (int r = RECORDS - 1; r >= 0; r--, first >>= 17) slot(r, (int) first & 0x1ffff);
        long second = state[1];
        actionShare = (int) second & 3;
        int ordinal = (int) (second >>= 2) & 15;
        action = ordinal == 0 ? null : ACTIONS[ordinal - 1];
        cutOffOnce = (int) (second >>= 4) & 1;
        cutOff = (int) (second >>= 1) & 3;
        second >>= 2;
        for (int share = 3; share >= 1; share--, second >>= 5) {
            sweep[share] = JOBS[(int) second & 3];
            rewrap[share] = JOBS[(int) (second >> 2) & 7];
        }
        asked = (int) second & 3;
        over = (int) (second >>= 2) & 7;
        retired = (int) (second >>= 3) & 7;
        served = (int) (second >>= 3) & 3;
        made = (int) (second >>= 2) & 3;
        shares = (int) (second >>= 2) & 7;
        primary = (int) (second >>= 3) & 3;
        pod(1, (int) (second >>= 2) & 0x3ff);
        pod(0, (int) (second >> 10) & 0x3ff);
    }

    private void pod(int pod, int bits) {
        loaded[pod] = bits & 7;
        loadedPrimary[pod] = bits >> 3 & 3;
        announced[pod] = bits >> 5 & 7;
        announcedPrimary[pod] = bits >> 8;
    }

    private void slot(int r, int bits) {
        worker[1][r] = bits & 3;
        worker[0][r] = bits >> 2 & 3;
        toErase[r] = bits >> 4 & 7;
        swept[r] = bits >> 7 & 1;
        late[r] = bits >> 8 & 1;
        places[r] = bits >> 9 & 7;
        eraser[r] = bits >> 12 & 7;
        life[r] = bits >> 15;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("primary " + primary + " of " + numbers(shares) + ", retired "
                + numbers(retired) + ", asked " + asked + "; ");
        for (int pod = 0; pod < PODS; pod++)
            text.append("pod ")
                    .append(loadedPrimary[pod])
                    .append(numbers(loaded[pod]))
                    .append(' ');
        for (int r = 0; r < RECORDS; r++) {
            text.append("; record ")
                    .append(new String[] {"none", "live", "erasing", "gone"}[life[r]])
                    .append(" under ")
                    .append(numbers(places[r]))
                    .append(worker[0][r] + worker[1][r] > 0 ? " moving" : "")
                    .append(eraser[r] > 0 ? " with " + numbers(eraser[r]) : "");
        }
        return text.append("; ").append(action).append(' ').append(actionShare).toString();
    }
}
