#include "fer/ranks/watch.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace fer::ranks {

namespace {

using namespace std::chrono_literals;

constexpr auto kPoll = 1s;
// Counted in polls, not in time, because a suspended machine must not count as silent.
constexpr int kSilentPolls = 20;
constexpr int kPatiencePolls = 15;
constexpr auto kShortPoll = 20ms;
constexpr auto kLongestGoodbye = 5s;
constexpr const char* kFailure = "failure";
constexpr const char* kThrough = "through";
constexpr const char* kGone = " is gone, or cannot be reached any more";

std::string beat_of(int rank) { return "beat/" + std::to_string(rank); }
std::string knows_of(int rank) { return "knows/" + std::to_string(rank); }
std::string done_of(int rank) { return "done/" + std::to_string(rank); }
std::string left_of(int rank) { return "left/" + std::to_string(rank); }

}  // namespace

Watch::Watch(std::unique_ptr<Board> board, int rank, std::vector<std::string> names, Events events)
    : board_(std::move(board)),
      rank_(rank),
      names_(std::move(names)),
      events_(std::move(events)),
      seen_(names_.size()),
      thread_([this] { run(); }) {}

Watch::~Watch() {
  {
    const std::lock_guard guard(lock_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Watch::run() {
  std::unique_lock guard(lock_);
  while (!stopping_) {
    guard.unlock();
    look();
    guard.lock();
    const bool waits = !failure_.empty() && !noticed_;
    if (waits && ++since_failure_ == kPatiencePolls) {
      const std::string why = failure_;
      guard.unlock();
      events_.give_up(why);
      guard.lock();
    }
    changed_.wait_for(guard, kPoll, [&] { return stopping_; });
  }
}

void Watch::look() {
  if (known()) return;
  try {
    board_->set(beat_of(rank_), std::to_string(++beats_));
    if (board_->has(kFailure)) {
      record(board_->get(kFailure));
    } else {
      check_heartbeats();
    }
  } catch (const std::exception&) {
    record(names_.front() + kGone);
  }
}

// Rank 0 watches all ranks, and all watch rank 0, because the board on its machine may still answer
// when rank 0 does not.
std::vector<int> Watch::watched() const {
  if (rank_ != 0) return {0};
  std::vector<int> others;
  for (int other = 1; other < static_cast<int>(names_.size()); ++other) others.push_back(other);
  return others;
}

void Watch::check_heartbeats() {
  for (const int other : watched()) {
    Seen& seen = seen_[static_cast<std::size_t>(other)];
    std::string beat = board_->has(beat_of(other)) ? board_->get(beat_of(other)) : "";
    if (beat != seen.beat) {
      seen = {std::move(beat), 0};
    } else if (++seen.polls == kSilentPolls) {
      record(board_->set_first(kFailure, names_[static_cast<std::size_t>(other)] +
                                             " has not answered for " +
                                             std::to_string(kSilentPolls) + " seconds"));
    }
  }
}

void Watch::record(const std::string& text) {
  {
    const std::lock_guard guard(lock_);
    if (!failure_.empty()) return;
    failure_ = text;
  }
  try {
    board_->set(knows_of(rank_), "1");
  } catch (const std::exception&) {  // the board is lost, too
  }
  events_.failed();
}

std::string Watch::report(const std::string& text) {
  try {
    if (!known()) record(board_->set_first(kFailure, text));
  } catch (const std::exception&) {
    record(rank_ == 0 ? text : names_.front() + kGone);
  }
  return failure();
}

bool Watch::known() {
  const std::lock_guard guard(lock_);
  return !failure_.empty();
}

std::string Watch::failure() {
  const std::lock_guard guard(lock_);
  noticed_ = !failure_.empty();
  return failure_;
}

// False if the key is not set because a rank failed or takes too long to leave.
bool Watch::wait_for(const std::string& key) {
  for (auto waited = 0ms; !board_->has(key); waited += kShortPoll) {
    if (known() && waited >= kLongestGoodbye) return false;
    std::this_thread::sleep_for(kShortPoll);
  }
  return true;
}

void Watch::wait_until_known() {
  try {
    for (const int other : watched()) {
      if (!wait_for(knows_of(other))) return;
    }
  } catch (const std::exception&) {  // no other rank is left
  }
}

// In two rounds: rank 0 holds the board, so it must leave last.
bool Watch::leave() {
  const auto wait_for_all = [&](std::string (*key)(int)) {
    const std::vector<int> others = watched();
    return std::all_of(others.begin(), others.end(),
                       [&](int other) { return wait_for(key(other)); });
  };
  try {
    board_->set(done_of(rank_), "1");
    if (rank_ != 0) {
      const bool through = wait_for(kThrough);
      board_->set(left_of(rank_), "1");
      return through;
    }
    if (!wait_for_all(done_of)) return false;
    board_->set(kThrough, "1");
    return wait_for_all(left_of);
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace fer::ranks
