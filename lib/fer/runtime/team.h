// Threads that work together.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace fer::runtime {

// A caller and its helper threads. Helpers sleep while there is nothing to do, and nobody spins for
// longer than some microseconds, so that other programs are not held up. Nor does the caller wait
// for a helper that the system has not let run yet: where all cores are busy, it does the work
// itself. One caller at a time; callers that work at the same time have a team each.
class Team {
 public:
  // `threads`, at least 1, counts the caller. Fewer where the system gives no more.
  explicit Team(int threads);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int size() const { return static_cast<int>(helpers_.size()) + 1; }

  // Calls work(piece, member) for every piece in [0, pieces), with members from 0 to size() - 1;
  // who is done first takes the next piece. Returns when all is done. Work must not throw.
  using Work = std::function<void(std::int64_t piece, int member)>;
  void run(std::int64_t pieces, const Work& work);

 private:
  // The number of the round above, whether helpers may still join it, and how many are in it.
  static constexpr std::uint32_t kMember = 1, kOpen = 1U << 12, kRound = 1U << 13;

  void help(int member);
  bool join(std::uint32_t round);
  void take_pieces(int member);

  const Work* work_ = nullptr;
  std::int64_t pieces_ = 0;
  std::atomic<std::int64_t> next_{0};
  std::atomic<std::uint32_t> state_{0};
  std::atomic<bool> ends_{false};
  std::vector<std::thread> helpers_;
};

// The calling thread's own team of this size, which is kept for its next call, until the thread
// ends: threads are costly to start. `threads` is at least 1.
Team& own_team(int threads);

}  // namespace fer::runtime
