// Copies of a network that compute gradients side by side, a core each.
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/modules/batchnorm.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "fer/nn/model.h"
#include "fer/ranks/ranks.h"
#include "fer/train/core_choice.h"
#include "fer/train/step_share.h"

namespace fer::train {

// A small network leaves most of a processor idle: a convolution on two cores is far from twice as
// fast, and where another program keeps one core busy, each convolution waits for it. With several
// networks a core takes whole parts of a step instead. The networks share the weights; gradients
// and running statistics are each one's own until the step's end. Then gradients are summed, and
// statistics become what parts one after the other would have left (but for rounding). All sums are
// added in an order that depends on the parts alone, so that any number of threads leaves the same
// bits. The networks that run at once hold their parts' activations at once.
//
// Several ranks (ranks/ranks.h) share the networks of a step. Gradients and statistics go from rank
// to rank in one buffer, and each adds its own to what comes: in the order of a process by itself,
// so that any number of ranks leaves the same bits, too.
class Replicas {
 public:
  // How networks share steps of `parts` parts among these ranks: one for each part while their
  // gradients take little memory; one on a GPU.
  static StepShare share_for(const nn::Classifier& net, std::size_t parts,
                             const ranks::Ranks& ranks);

  using Work = std::function<void(nn::Classifier&, std::size_t)>;

  // The sums over all parts, besides gradients and statistics.
  struct Totals {
    float loss_sum = 0.0F;
    float correct = 0.0F;  // a whole number, below 2^24
  };
  // Adds the sums of the own parts, in their order.
  using AddUp = std::function<void(Totals& totals)>;

  // The networks of `share` that are this rank's, the first of which is the model's own. What is
  // frozen in it must be so already; its parameters may be changed in place from now on, not
  // replaced. Several networks run on at most `threads` threads, the caller's included. `ranks`
  // must live as long.
  // @throws fer::Error where the model's info does not describe its network.
  Replicas(const nn::Model& model, const StepShare& share, int threads, ranks::Ranks& ranks);

  // By itself, with so many networks.
  Replicas(const nn::Model& model, std::size_t count, int threads)
      : Replicas(model, StepShare{.networks = count}, threads, ranks::alone()) {}

  // Whether parts have a core each: only then may each network draw for itself.
  bool side_by_side() const { return share_.networks > 1; }

  // Whose part is whose.
  const StepShare& share() const { return share_; }

  // Calls work(network, i) for every i below `parts` that is this rank's, neighbours on the same
  // network, and leaves the sum of all gradients and the statistics of all parts in the model's
  // own. Exceptions of `work` come out here. @return the totals of all ranks; by itself, of
  // `add_up`.
  Totals run(std::size_t parts, const Work& work, const AddUp& add_up = {});

 private:
  struct Statistics {
    at::Tensor mean, variance;
  };

  // The buffer that the ranks sum up: gradients, then a tail of statistics, totals and a wish to
  // stop.
  struct Exchange {
    at::Tensor values;  // float32 [gradients + tail]
    std::int64_t gradients = 0, tail = 0;
    std::vector<at::Tensor> own;         // gradients of each network, float32 [gradients]
    std::vector<Statistics> statistics;  // views into values
  };

  void begin();
  void compute(std::size_t parts, const Work& work);
  void share(std::size_t parts, const std::function<void(std::size_t net)>& work);
  void collect_gradients();
  void collect_statistics(std::size_t net, std::size_t parts);
  static void update_running_stats(Statistics& all, const Statistics& before, const Statistics& own,
                                   double kept);

  void open_exchange();
  void point_gradients(std::size_t net, const at::Tensor& flat);
  Totals run_with_others(std::size_t parts, const Work& work, const AddUp& add_up);
  void add_own(std::size_t parts, const AddUp& add_up, std::int64_t first, at::Tensor& some);
  void add_own_tail(std::size_t parts, const AddUp& add_up);
  void take_statistics(std::size_t parts);

  StepShare share_;
  ranks::Ranks& ranks_;
  Exchange exchange_;
  std::vector<std::shared_ptr<nn::Classifier>> nets_;            // this rank's
  std::vector<std::vector<at::Tensor>> parameters_;              // of each network
  std::vector<std::vector<torch::nn::BatchNorm2dImpl*>> norms_;  // of each network
  std::vector<Statistics> before_;                               // the norms', before the step
  CoreChoice cores_;
};

}  // namespace fer::train
