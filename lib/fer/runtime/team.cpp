#include "fer/runtime/team.h"

#include <algorithm>
#include <memory>
#include <new>
#include <system_error>
#include <utility>

namespace fer::runtime {

namespace {

// Some microseconds of spinning, because the layers of one image follow each other faster than a
// thread wakes up.
constexpr int kSpins = 500;

inline void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Returns the first value for which `done` holds.
template <typename Done>
std::uint32_t wait_until(const std::atomic<std::uint32_t>& value, const Done& done) {
  for (int i = 0;; ++i) {
    const std::uint32_t now = value.load(std::memory_order_acquire);
    if (done(now)) return now;
    if (i < kSpins) {
      pause();
    } else {
      value.wait(now, std::memory_order_acquire);
    }
  }
}

}  // namespace

Team::Team(int threads) {
  const int all = std::min(threads, static_cast<int>(kOpen) - 1);
  helpers_.reserve(static_cast<std::size_t>(all - 1));
  try {
    for (int member = 1; member < all; ++member) {
      helpers_.emplace_back(&Team::help, this, member);
    }
  } catch (const std::system_error&) {  // the system gives no more threads: go on with fewer
  } catch (const std::bad_alloc&) {     // nor memory for them
  }
}

Team::~Team() {
  ends_ = true;
  state_.fetch_add(kRound, std::memory_order_release);
  state_.notify_all();
  for (std::thread& helper : helpers_) helper.join();
}

void Team::take_pieces(int member) noexcept {
  try {
    for (;;) {
      const std::int64_t piece = next_.fetch_add(1, std::memory_order_relaxed);
      if (piece >= pieces_) return;
      (*work_)(piece, member);
    }
  } catch (...) {
    fail(std::current_exception());
  }
}

void Team::fail(std::exception_ptr failure) {
  next_.store(pieces_, std::memory_order_relaxed);  // no further piece
  const std::lock_guard<std::mutex> lock(failure_mutex_);
  failure_ = std::move(failure);
}

// False if the round is over or another one has begun.
bool Team::join(std::uint32_t round) {
  std::uint32_t state = state_.load(std::memory_order_acquire);
  while (state / kRound == round && (state & kOpen) != 0) {
    if (state_.compare_exchange_weak(state, state + kMember, std::memory_order_acq_rel))
      return true;
  }
  return false;
}

void Team::help(int member) {
  std::uint32_t round = 0;
  for (;;) {
    round = wait_until(state_, [&](std::uint32_t now) { return now / kRound != round; }) / kRound;
    if (ends_) return;
    if (!join(round)) continue;
    take_pieces(member);
    const std::uint32_t before = state_.fetch_sub(kMember, std::memory_order_acq_rel);
    if ((before & kOpen) == 0) state_.notify_all();  // the caller may wait for it
  }
}

void Team::run(std::int64_t pieces, const Work& work) {
  if (helpers_.empty() || pieces <= 1) {
    for (std::int64_t piece = 0; piece < pieces; ++piece) work(piece, 0);
    return;
  }
  work_ = &work;
  pieces_ = pieces;
  next_.store(0, std::memory_order_relaxed);
  state_.fetch_add(kRound + kOpen, std::memory_order_release);
  state_.notify_all();
  take_pieces(0);
  state_.fetch_sub(kOpen, std::memory_order_acq_rel);
  wait_until(state_, [](std::uint32_t now) { return now % kOpen == 0; });
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

Team& own_team(int threads) {
  thread_local Team alone(1);
  thread_local std::unique_ptr<Team> team;
  thread_local int asked_for = 0;  // the team may have fewer threads
  if (threads == 1) return alone;
  if (asked_for != threads) {
    team = std::make_unique<Team>(threads);
    asked_for = threads;
  }
  return *team;
}

}  // namespace fer::runtime
