// Watches whether the other ranks are still there, and which of them failed first.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace fer::ranks {

// Small texts that all ranks share: LibTorch's store without its types. Any thread may call; calls
// throw std::exception if the store cannot be reached.
class Board {
 public:
  virtual ~Board() = default;
  virtual void set(const std::string& key, const std::string& text) = 0;
  virtual bool has(const std::string& key) = 0;
  // Waits until the key is set.
  virtual std::string get(const std::string& key) = 0;
  // Sets the text if the key is not set; returns the text that is then set.
  virtual std::string set_first(const std::string& key, const std::string& text) = 0;
};

// Looks at the board every second, in a thread of its own, because a rank's main thread may be busy
// with a step.
class Watch {
 public:
  struct Events {
    std::function<void()> failed;                     // a failure is known: waits must end
    std::function<void(const std::string&)> give_up;  // failure() was not called for 15 s since
  };

  // `names` of all ranks, for messages.
  Watch(std::unique_ptr<Board> board, int rank, std::vector<std::string> names, Events events);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // Reports `text` as this rank's failure, and returns the first failure that any rank reported.
  std::string report(const std::string& text);

  // Returns the first failure known so far; empty: none. The caller is expected to act on it.
  std::string failure();

  // For rank 0: waits until all other ranks know of the failure, or for some seconds.
  void wait_until_known();

  // The ranks leave together: it returns when all have called it; false if one failed instead.
  bool leave();

 private:
  void run();
  void look();
  void check_heartbeats();
  void record(const std::string& text);
  bool known();
  bool wait_for(const std::string& key);
  std::vector<int> watched() const;

  std::unique_ptr<Board> board_;
  int rank_;
  std::vector<std::string> names_;
  Events events_;
  std::mutex lock_;  // guards the members below
  std::condition_variable changed_;
  std::string failure_;
  bool stopping_ = false, noticed_ = false;
  // Used only by the thread.
  long beats_ = 0;
  int since_failure_ = 0;
  struct Seen {
    std::string beat;
    int polls = 0;  // since the heartbeat last changed
  };
  std::vector<Seen> seen_;
  std::thread thread_;
};

}  // namespace fer::ranks
