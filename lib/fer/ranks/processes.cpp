#include "fer/ranks/processes.h"

#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "fer/core/error.h"
#include "fer/ranks/launcher.h"

namespace fer::ranks {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kPoll = 20ms;
// The other ranks notice the failure, log it and end by themselves.
constexpr auto kFirstGrace = 7s;
constexpr auto kSecondGrace = 2s;

// A TCP port that no program listens on. If another program takes it before rank 0 does, rank 0
// reports an error.
int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool found = socket >= 0 && ::bind(socket, generic, size) == 0 &&
                     ::getsockname(socket, generic, &size) == 0;
  if (socket >= 0) ::close(socket);
  if (!found) throw Error(std::string("this machine has no free port: ") + std::strerror(errno));
  return ntohs(address.sin_port);
}

// The words that this program was started with, as the kernel has them.
std::vector<std::string> own_command() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  if (words.empty()) throw Error("/proc/self/cmdline: says nothing of this program's command line");
  return words;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> environment_of(int rank, int count, int port) {
  Variables variables = environment();
  for (auto& [name, value] : variables_for(rank, count, port)) variables[name] = value;
  std::vector<std::string> entries;
  for (const auto& [name, value] : variables) entries.push_back(name + "=" + value);
  return entries;
}

class Children {
 public:
  explicit Children(int count) {
    const int port = free_port();
    std::vector<std::string> command = own_command();
    const std::vector<char*> words = pointers_to(command);
    for (int rank = 0; rank < count; ++rank) {
      std::vector<std::string> variables = environment_of(rank, count, port);
      const pid_t pid = start(words, pointers_to(variables));
      if (pid < 0) {
        const std::string why = std::strerror(errno);
        end_all();
        throw Error("process " + std::to_string(rank + 1) + " of " + std::to_string(count) +
                    " cannot be started: " + why);
      }
      pids_.push_back(pid);
    }
  }

  ~Children() { end_all(); }
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  void signal(int number) const {
    for (const pid_t pid : pids_) {
      if (pid > 0) ::kill(pid, number);
    }
  }

  bool any_left() const {
    return std::any_of(pids_.begin(), pids_.end(), [](pid_t pid) { return pid > 0; });
  }

  // Calls ended(rank, status) for each that has ended since.
  template <class Ended>
  void collect(Ended ended) {
    for (std::size_t rank = 0; rank < pids_.size(); ++rank) {
      int status = 0;
      if (pids_[rank] <= 0 || ::waitpid(pids_[rank], &status, WNOHANG) != pids_[rank]) continue;
      pids_[rank] = 0;
      ended(static_cast<int>(rank), status);
    }
  }

 private:
  // Between fork and exec only async-signal-safe calls.
  static pid_t start(const std::vector<char*>& words, const std::vector<char*>& variables) {
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
    // The kernel ends the ranks when their parent ends in any way, because nobody would wait for
    // them.
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(1);
    ::execve("/proc/self/exe", words.data(), variables.data());
    constexpr int kNotFound = 127;
    ::_exit(kNotFound);
  }

  void end_all() {
    signal(SIGKILL);
    for (const pid_t pid : pids_) {
      if (pid > 0) ::waitpid(pid, nullptr, 0);
    }
    pids_.clear();
  }

  std::vector<pid_t> pids_;
};

// The exit code as a shell has it.
int code_of(int status) {
  constexpr int kSignalled = 128;
  return WIFSIGNALED(status) ? kSignalled + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

int start_processes(int count, Log& log, const std::atomic<bool>& stop) {
  Children children(count);
  int first_failure = 0;
  bool stop_sent = false;
  auto next = Clock::time_point::max();  // when those that are left get the next signal
  int signal = SIGTERM;
  while (children.any_left()) {
    children.collect([&](int rank, int status) {
      const int code = code_of(status);
      if (code == 0 || first_failure != 0) return;
      first_failure = code;
      next = Clock::now() + kFirstGrace;
      if (!WIFSIGNALED(status)) return;
      log.warn("rank " + std::to_string(rank) + " of " + std::to_string(count) +
               " was ended by signal " + std::to_string(WTERMSIG(status)) + " (" +
               ::strsignal(WTERMSIG(status)) + ")");
    });
    if (stop.load() && !stop_sent) {
      stop_sent = true;
      children.signal(SIGTERM);
    }
    if (Clock::now() >= next) {
      children.signal(signal);
      signal = SIGKILL;
      next = Clock::now() + kSecondGrace;
    }
    std::this_thread::sleep_for(kPoll);
  }
  return first_failure;
}

}  // namespace fer::ranks
