// A team of threads for parallel work.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace fer::runtime {

// A caller and its helper threads. Idle helpers sleep, and no thread spins for longer than some
// microseconds, so that other programs can run. The caller does not wait for a helper that the
// system has not scheduled yet: if all cores are busy, it does the work itself. One caller at a
// time; concurrent callers need a team each.
class Team {
 public:
  // `threads`, at least 1, includes the caller. The team is smaller if the system gives no more
  // threads.
  explicit Team(int threads);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int size() const { return static_cast<int>(helpers_.size()) + 1; }

  // Calls work(piece, member) for every piece in [0, pieces), with members from 0 to size() - 1;
  // a member that is done takes the next piece. Returns when all pieces are done. Where work
  // throws, no further piece is begun, and once those under way have ended one of the exceptions
  // is thrown on.
  using Work = std::function<void(std::int64_t piece, int member)>;
  void run(std::int64_t pieces, const Work& work);

 private:
  // The state in bits: the number of helpers in the round, whether more may join it, and the
  // round's number.
  static constexpr std::uint32_t kMember = 1, kOpen = 1U << 12, kRound = 1U << 13;

  void help(int member);
  bool join(std::uint32_t round);
  void take_pieces(int member) noexcept;
  void fail(std::exception_ptr failure);

  const Work* work_ = nullptr;
  std::int64_t pieces_ = 0;
  std::atomic<std::int64_t> next_{0};
  std::atomic<std::uint32_t> state_{0};
  std::atomic<bool> ends_{false};
  std::mutex failure_mutex_;
  std::exception_ptr failure_;
  std::vector<std::thread> helpers_;
};

// The calling thread's team of this size, kept until the thread ends, because starting threads is
// slow. `threads` is at least 1.
Team& own_team(int threads);

}  // namespace fer::runtime
