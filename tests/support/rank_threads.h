// Ranks that are threads of the test instead of processes.
#pragma once

#include <ATen/ATen.h>

#include <algorithm>
#include <barrier>
#include <exception>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "fer/ranks/ranks.h"
#include "fer/tensors/cores.h"

namespace fer::test {

class RankThread final : public ranks::Ranks {
 public:
  // The state that all ranks of a test share.
  struct Shared {
    explicit Shared(int size) : turn(size) {}
    std::barrier<> turn;
    at::Tensor values;
    std::string text;
  };

  RankThread(int rank, int size, Shared& shared) : Ranks(rank, size), shared_(shared) {}

  int cores() const override { return 1; }

  void sum_in_order(at::Tensor& values, std::int64_t tail, const Add& add) override {
    for (int turn = 0; turn < size(); ++turn) {
      if (turn == rank()) {
        if (!first()) values.copy_(shared_.values);
        add_pieces(values, tail, add);
        shared_.values = values.clone();
      }
      shared_.turn.arrive_and_wait();
    }
    values.copy_(shared_.values);
    shared_.turn.arrive_and_wait();
  }

  void copy_from_first(const at::Tensor& values) override {
    if (first()) shared_.values = values.clone();
    shared_.turn.arrive_and_wait();
    const at::NoGradGuard no_grad;
    if (!first()) values.detach().copy_(shared_.values);
    shared_.turn.arrive_and_wait();
  }

  std::string from_first(const std::string& text) override {
    if (first()) shared_.text = text;
    shared_.turn.arrive_and_wait();
    std::string said = shared_.text;
    shared_.turn.arrive_and_wait();
    return said;
  }

  void fail(const std::string& /*message*/) override {}
  void finish() override {}

 private:
  // In three pieces and the tail.
  static void add_pieces(at::Tensor& values, std::int64_t tail, const Add& add) {
    const std::int64_t body = values.numel() - tail, length = std::max<std::int64_t>(body / 3, 1);
    for (std::int64_t first = 0; first < body; first += length) {
      at::Tensor piece = values.narrow(0, first, std::min(length, body - first));
      add(first, piece);
    }
    at::Tensor last = values.narrow(0, body, tail);
    if (tail > 0) add(body, last);
  }

  Shared& shared_;
};

// Calls `work` as each of `size` ranks, at the same time. None may fail.
inline void run_as_ranks(int size, const std::function<void(ranks::Ranks&)>& work) {
  RankThread::Shared shared(size);
  std::vector<std::thread> threads;
  for (int rank = 0; rank < size; ++rank) {
    threads.emplace_back([&, rank] {
      tensors::use_cores(1);
      RankThread own(rank, size, shared);
      work(own);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace fer::test
