// Several processes, on one machine or many, that work on one task together. Code that works in
// ranks sees this interface alone; a single process is the simplest case of it.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <string>

#include "fer/core/error.h"

namespace fer::ranks {

// Another process failed, or is gone. The message names its rank and machine, and has its error.
class OtherRankError : public Error {
 public:
  using Error::Error;
};

// All processes call the same functions in the same order, each from one thread. Each call waits
// for the others. If one of them fails or ends, all calls of the others throw OtherRankError, after
// at most about 20 seconds.
class Ranks {
 public:
  // Adds this rank's part to `some`, float32 [n], which is elements first to first + n of the sum.
  // On entry it holds the sum of the ranks before; on rank 0, the caller's values.
  using Add = std::function<void(std::int64_t first, at::Tensor& some)>;

  virtual ~Ranks() = default;
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  int rank() const { return rank_; }
  int size() const { return size_; }
  bool first() const { return rank_ == 0; }
  bool several() const { return size_ > 1; }

  // Cores that this process may use; ranks on the same cores divide them among themselves.
  virtual int cores() const = 0;

  // Adds up the parts of all ranks in their order, and leaves the same bits in the `values` of all
  // ranks: float32 [n], contiguous, on the CPU. `add` is called for one piece after another; the
  // last `tail` values are never split.
  virtual void sum_in_order(at::Tensor& values, std::int64_t tail, const Add& add) = 0;

  // Copies rank 0's values to all ranks. Any type and shape, the same on all ranks, on the CPU.
  virtual void copy_from_first(const at::Tensor& values) = 0;

  // Rank 0's text.
  virtual std::string from_first(const std::string& text) = 0;

  // Returns when all ranks have called it.
  void wait_for_all();

  // Tells the other ranks why this process ends; they end, too. Never throws.
  virtual void fail(const std::string& message) = 0;

  // Waits until all ranks have finished: after that nothing can fail any more.
  virtual void finish() = 0;

  // A rank can stop only together with the others: code that sums up adds wishes_to_stop() to the
  // sum, and calls agree_to_stop() if any rank wished to stop.
  void wish_to_stop() { wishes_to_stop_ = true; }
  bool wishes_to_stop() const { return wishes_to_stop_; }
  void agree_to_stop() { agreed_to_stop_ = true; }
  bool agreed_to_stop() const { return agreed_to_stop_; }

 protected:
  Ranks(int rank, int size) : rank_(rank), size_(size) {}

 private:
  int rank_, size_;
  bool wishes_to_stop_ = false, agreed_to_stop_ = false;
};

// A single process.
Ranks& alone();

}  // namespace fer::ranks
