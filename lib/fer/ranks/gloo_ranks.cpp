// Ranks by LibTorch's c10d: its store to meet, its Gloo to send. Only this file includes Gloo.
#include <ATen/Functions.h>
#include <c10/util/Exception.h>
#include <c10/util/Logging.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/processor.h"
#include "fer/core/text.h"
#include "fer/ranks/connect.h"
#include "fer/ranks/machine.h"
#include "fer/ranks/watch.h"

namespace fer::ranks {

namespace {

using namespace std::chrono_literals;
using Store = c10::intrusive_ptr<c10d::Store>;

// Long enough for a user who starts the ranks by hand, one machine after the other.
constexpr auto kMeeting = 300s;
constexpr auto kFirstNotice = 5s;
constexpr auto kShortPoll = 50ms;
// The longest time for other answers of the store, which usually come at once.
constexpr auto kAnswer = 20s;
// Practically no limit, because rank 0 may validate for long; the Watch finds lost ranks.
constexpr auto kTransfer = 24h;
// Small enough that all ranks work on a sum at once, large enough that the cost of a message does
// not matter.
constexpr std::int64_t kPiece = 64 << 10;
constexpr int kTextTag = 1 << 24;
constexpr std::int64_t kLongestText = 64 << 20;

// Without the rest, because LibTorch's exceptions have a page of stack trace.
std::string first_line(const std::exception& error) {
  const auto* known = dynamic_cast<const c10::Error*>(&error);
  const std::string text = known != nullptr ? known->what_without_backtrace() : error.what();
  return text.substr(0, text.find('\n'));
}

// LibTorch writes a warning with a page of stack trace for each connection that ends, which our own
// errors explain. LibTorch's own environment variable brings these warnings back.
void silence_libtorch() {
  if (std::getenv("TORCH_CPP_LOG_LEVEL") == nullptr) FLAGS_caffe2_log_level = c10::GLOG_ERROR;
}

class StoreBoard final : public Board {
 public:
  explicit StoreBoard(Store store) : store_(std::move(store)) {}

  void set(const std::string& key, const std::string& text) override { store_->set(key, text); }
  bool has(const std::string& key) override { return store_->check({key}); }
  std::string get(const std::string& key) override { return store_->get_to_str(key); }
  std::string set_first(const std::string& key, const std::string& text) override {
    return store_->compareSet(key, "", text);
  }

 private:
  Store store_;
};

std::string place_name(const Place& place) {
  return place.address + ":" + std::to_string(place.port);
}

[[noreturn]] void fail_to_listen(const Place& place, const std::exception& error) {
  const std::string why = first_line(error);
  const bool taken = why.find("EADDRINUSE") != why.npos || why.find("in use") != why.npos;
  throw Error("rank 0 cannot listen on port " + std::to_string(place.port) + " (MASTER_PORT): " +
              (taken ? "another program has it, perhaps another run; choose another port" : why));
}

Store open_store(const Place& place) {
  c10d::TCPStoreOptions options;
  options.port = static_cast<std::uint16_t>(place.port);
  options.isServer = place.first() && !place.store_is_there;
  options.waitWorkers = false;
  options.timeout = kMeeting;
  try {
    auto store = c10::make_intrusive<c10d::TCPStore>(place.address, options);
    store->setTimeout(kAnswer);
    return c10::make_intrusive<c10d::PrefixStore>("fer-train " + place.attempt, std::move(store));
  } catch (const std::exception& error) {
    if (options.isServer) fail_to_listen(place, error);
    throw Error("rank " + std::to_string(place.rank) + " cannot reach rank 0 at " +
                place_name(place) + " (MASTER_ADDR and MASTER_PORT): " + first_line(error));
  }
}

std::string machine_of(int rank) { return "machine/" + std::to_string(rank); }

// All ranks publish where they are; rank 0 announces when all are there.
class RollCall {
 public:
  RollCall(Store store, const Place& place, Log& log, const std::atomic<bool>& stop)
      : store_(std::move(store)), place_(place), log_(log), stop_(stop) {}

  std::vector<Machine> machines() {
    const std::string own = to_text(this_machine(place_.address, place_.port));
    if (store_->compareSet(machine_of(place_.rank), "", own) != own) {
      throw Error("there is a rank " + std::to_string(place_.rank) + " already at " +
                  place_name(place_) + "; does another run use this port (MASTER_PORT)?");
    }
    std::vector<Machine> machines;
    for (int rank = 0; rank < place_.size; ++rank) {
      wait_for(machine_of(rank));
      machines.push_back(machine_from_text(store_->get_to_str(machine_of(rank))));
    }
    return machines;
  }

 private:
  std::string missing() const {
    std::vector<std::string> ranks;
    for (int rank = 0; rank < place_.size; ++rank) {
      if (!store_->check({machine_of(rank)})) ranks.push_back(std::to_string(rank));
    }
    const std::size_t count = ranks.size();
    constexpr std::size_t kMostNamed = 8;
    if (count > kMostNamed) ranks.resize(kMostNamed);
    return (count == 1 ? "rank " : "ranks ") + join(ranks, ", ") +
           (count > kMostNamed ? " and " + std::to_string(count - kMostNamed) + " more" : "") +
           " of " + std::to_string(place_.size);
  }

  void wait_for(const std::string& key) {
    while (!store_->check({key})) {
      const auto waited = std::chrono::steady_clock::now() - start_;
      if (stop_.load()) throw Error("stopped while waiting for " + missing());
      if (waited > kMeeting) {
        throw Error(missing() + " did not come to " + place_name(place_) + " within " +
                    std::to_string(kMeeting.count()) + " seconds");
      }
      if (waited > kFirstNotice && !noticed_ && place_.first()) {
        noticed_ = true;
        log_.info("waiting for " + missing() + " at " + place_name(place_));
      }
      std::this_thread::sleep_for(kShortPoll);
    }
  }

  Store store_;
  const Place& place_;
  Log& log_;
  const std::atomic<bool>& stop_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  bool noticed_ = false;
};

std::vector<std::string> names_of(const std::vector<Machine>& machines) {
  std::vector<std::string> names;
  for (std::size_t rank = 0; rank < machines.size(); ++rank) {
    names.push_back("rank " + std::to_string(rank) + " (" + machines[rank].name + ")");
  }
  return names;
}

// A message in transfer.
struct Transfer {
  int peer = 0;
  c10::intrusive_ptr<c10d::Work> work;
};

class GlooRanks final : public Ranks {
 public:
  GlooRanks(const Place& place, Store store, const std::vector<Machine>& machines,
            std::function<void(const std::string&)> give_up)
      : Ranks(place.rank, place.size),
        names_(names_of(machines)),
        cores_(std::max(
            usable_cores() / sharing_cores(machines, static_cast<std::size_t>(place.rank)), 1)),
        watch_(std::make_unique<StoreBoard>(store->clone()), place.rank, names_,
               {[this] { abort(); }, std::move(give_up)}) {
    auto options = c10d::ProcessGroupGloo::Options::create(kTransfer);
    options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname(
        address_among(machines, static_cast<std::size_t>(place.rank))));
    try {
      group_ = c10::make_intrusive<c10d::ProcessGroupGloo>(std::move(store), place.rank, place.size,
                                                           std::move(options));
    } catch (const std::exception& error) {
      throw OtherRankError(watch_.report(names_[static_cast<std::size_t>(place.rank)] +
                                         " cannot connect with the others: " + first_line(error)));
    }
  }

  int cores() const override { return cores_; }

  void sum_in_order(at::Tensor& values, std::int64_t tail, const Add& add) override {
    const std::vector<at::Tensor> pieces = pieces_of(values, tail);
    const int count = static_cast<int>(pieces.size());
    const int last = size() - 1;
    std::vector<Transfer> forward, back;
    for (int i = 0; i < count; ++i) {
      if (!first())
        forward.push_back(receive(pieces[static_cast<std::size_t>(i)], rank() - 1, 2 * i));
      if (rank() != last) {
        back.push_back(receive(pieces[static_cast<std::size_t>(i)], rank() + 1, 2 * i + 1));
      }
    }
    // The number of pieces after which a sum comes back from the last rank.
    const int lag = 2 * (last - rank());
    std::int64_t done = 0;
    for (int i = 0; i < count + lag; ++i) {
      if (i < count) {
        at::Tensor piece = pieces[static_cast<std::size_t>(i)];
        if (!first()) wait(forward[static_cast<std::size_t>(i)]);
        add(done, piece);
        done += piece.numel();
        rank() == last ? send(piece, rank() - 1, 2 * i + 1) : send(piece, rank() + 1, 2 * i);
      }
      const int sum = i - lag;
      if (sum < 0 || rank() == last) continue;
      wait(back[static_cast<std::size_t>(sum)]);
      if (!first()) send(pieces[static_cast<std::size_t>(sum)], rank() - 1, 2 * sum + 1);
    }
    end_call();
  }

  void copy_from_first(const at::Tensor& values) override {
    if (values.numel() == 0) return;
    at::Tensor flat = values.detach().contiguous().view({-1});
    if (!first()) flat = at::empty_like(flat);
    copy_flat(flat);
    const at::NoGradGuard no_grad;
    if (!first()) values.detach().copy_(flat.view(values.sizes()));
  }

  std::string from_first(const std::string& text) override {
    at::Tensor length = at::full({1}, static_cast<std::int64_t>(text.size()), at::kLong);
    copy_flat(length);
    const auto bytes = length.item<std::int64_t>();
    if (bytes < 0 || bytes > kLongestText) {
      throw Error("rank 0 sends a text of " + std::to_string(bytes) + " bytes");
    }
    at::Tensor letters = at::empty({bytes}, at::kByte);
    if (first()) std::memcpy(letters.data_ptr(), text.data(), text.size());
    if (bytes > 0) copy_flat(letters);
    return {static_cast<const char*>(letters.const_data_ptr()), static_cast<std::size_t>(bytes)};
  }

  void fail(const std::string& message) override {
    watch_.report(names_[static_cast<std::size_t>(rank())] + ": " + message);
    if (first()) watch_.wait_until_known();
  }

  void finish() override {
    if (!watch_.leave()) throw OtherRankError(watch_.failure());
  }

 private:
  static std::vector<at::Tensor> pieces_of(const at::Tensor& values, std::int64_t tail) {
    const std::int64_t body = values.numel() - tail;
    std::vector<at::Tensor> pieces;
    for (std::int64_t first = 0; first < body; first += kPiece) {
      pieces.push_back(values.narrow(0, first, std::min(kPiece, body - first)));
    }
    if (tail > 0) pieces.push_back(values.narrow(0, body, tail));
    return pieces;
  }

  void copy_flat(at::Tensor& flat) {
    if (!first()) wait(receive(flat, 0, kTextTag));
    for (int other = 1; first() && other < size(); ++other) send(flat, other, kTextTag);
    end_call();
  }

  template <class Post>
  Transfer post(int peer, Post begin) {
    try {
      const std::lock_guard guard(lock_);
      if (!aborted_) {
        transfers_.push_back({peer, begin()});
        return transfers_.back();
      }
    } catch (const std::exception&) {  // the connection was closed
    }
    fail_with(peer);
  }

  Transfer receive(const at::Tensor& values, int peer, int tag) {
    return post(peer, [&] {
      std::vector<at::Tensor> list{values};
      return group_->recv(list, peer, tag);
    });
  }

  void send(const at::Tensor& values, int peer, int tag) {
    sent_.push_back(post(peer, [&] {
      std::vector<at::Tensor> list{values};
      return group_->send(list, peer, tag);
    }));
  }

  void wait(const Transfer& transfer) {
    bool arrived = false;
    try {
      arrived = transfer.work->wait();
    } catch (const std::exception&) {  // the connection was closed
    }
    if (!arrived) fail_with(transfer.peer);
  }

  void end_call() {
    for (const Transfer& transfer : sent_) wait(transfer);
    sent_.clear();
    const std::lock_guard guard(lock_);
    transfers_.clear();
  }

  // A rank that fails reports it first, and the others throw that report. A killed process reports
  // nothing; its neighbours see closed connections.
  [[noreturn]] void fail_with(int peer) {
    throw OtherRankError(watch_.report(names_[static_cast<std::size_t>(peer)] +
                                       " is gone: its connection was closed"));
  }

  // Called by the watch while a call waits.
  void abort() {
    const std::lock_guard guard(lock_);
    aborted_ = true;
    for (const Transfer& transfer : transfers_) transfer.work->abort();
  }

  std::vector<std::string> names_;
  int cores_;
  std::mutex lock_;
  bool aborted_ = false;
  std::vector<Transfer> transfers_;  // of the current call, to abort
  std::vector<Transfer> sent_;
  c10::intrusive_ptr<c10d::ProcessGroupGloo> group_;
  Watch watch_;
};

}  // namespace

bool can_connect() { return true; }

std::unique_ptr<Ranks> connect(const Place& place, Log& log, const std::atomic<bool>& stop,
                               std::function<void(const std::string&)> give_up) {
  silence_libtorch();
  Store store = open_store(place);
  std::vector<Machine> machines;
  try {
    machines = RollCall(store, place, log, stop).machines();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw Error("rank " + std::to_string(place.rank) + " lost the way to rank 0 at " +
                place_name(place) + ": " + first_line(error));
  }
  auto ranks = std::make_unique<GlooRanks>(place, store, machines, std::move(give_up));
  if (place.first()) {
    log.info(std::to_string(place.size) + " processes work together (" + place.launcher +
             "): " + describe(machines));
  }
  return ranks;
}

}  // namespace fer::ranks
