// Replicas: the exchange with other ranks.
#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>

#include "fer/core/error.h"
#include "fer/train/replicas.h"

namespace fer::train {

namespace {

// After the statistics: loss, hits, wishes to stop.
constexpr std::int64_t kTotals = 3;

bool covers_its_memory(const at::Tensor& weight) {
  return weight.is_non_overlapping_and_dense() && weight.scalar_type() == at::kFloat;
}

}  // namespace

void Replicas::open_exchange() {
  for (const at::Tensor& weight : parameters_.front()) {
    if (!covers_its_memory(weight)) throw Error("replicas: a parameter has gaps in memory");
    exchange_.gradients += weight.numel();
  }
  for (const auto* norm : norms_.front()) exchange_.tail += 2 * norm->running_mean.numel();
  exchange_.tail += kTotals;
  exchange_.values = at::zeros({exchange_.gradients + exchange_.tail});
  std::int64_t first = exchange_.gradients;
  const auto next = [&](const at::Tensor& like) {
    first += like.numel();
    return exchange_.values.narrow(0, first - like.numel(), like.numel());
  };
  for (const auto* norm : norms_.front()) {
    at::Tensor mean = next(norm->running_mean);
    exchange_.statistics.push_back({std::move(mean), next(norm->running_var)});
  }
  // The sum begins with the gradients of rank 0's first network.
  for (std::size_t net = 0; net < nets_.size(); ++net) {
    exchange_.own.push_back(net == 0 && ranks_.first()
                                ? exchange_.values.narrow(0, 0, exchange_.gradients)
                                : at::zeros({exchange_.gradients}));
  }
}

// Makes the network's gradients views into `flat`, with the strides of its weights.
void Replicas::point_gradients(std::size_t net, const at::Tensor& flat) {
  std::int64_t first = 0;
  for (at::Tensor& weight : parameters_[net]) {
    weight.mutable_grad() =
        flat.as_strided(weight.sizes(), weight.strides(), flat.storage_offset() + first);
    first += weight.numel();
  }
}

Replicas::Totals Replicas::run_with_others(std::size_t parts, const Work& work,
                                           const AddUp& add_up) {
  begin();
  for (std::size_t net = 0; net < nets_.size(); ++net) {
    exchange_.own[net].zero_();
    point_gradients(net, exchange_.own[net]);
  }
  const std::size_t first = share_.own_networks().first;
  share(share_.own_parts(parts).size(), [&](std::size_t net) {
    const StepShare::Range own = share_.parts_of(first + net, parts);
    for (std::size_t i = own.first; i < own.last; ++i) work(*nets_[net], i);
  });
  const at::NoGradGuard no_grad;
  ranks_.sum_in_order(exchange_.values, exchange_.tail, [&](std::int64_t begin, at::Tensor& some) {
    add_own(parts, add_up, begin, some);
  });
  point_gradients(0, exchange_.values);
  take_statistics(parts);
  const float* totals =
      exchange_.values.const_data_ptr<float>() + exchange_.values.numel() - kTotals;
  if (totals[2] > 0.0F) ranks_.agree_to_stop();
  return {totals[0], totals[1]};
}

void Replicas::add_own(std::size_t parts, const AddUp& add_up, std::int64_t first,
                       at::Tensor& some) {
  if (first >= exchange_.gradients) return add_own_tail(parts, add_up);
  for (std::size_t net = ranks_.first() ? 1 : 0; net < nets_.size(); ++net) {
    some.add_(exchange_.own[net].narrow(0, first, some.numel()));
  }
}

void Replicas::add_own_tail(std::size_t parts, const AddUp& add_up) {
  const std::size_t first = share_.own_networks().first;
  for (std::size_t net = 0; net < nets_.size(); ++net) {
    const auto count = static_cast<double>(share_.parts_of(first + net, parts).size());
    for (std::size_t i = 0; i < norms_[net].size(); ++i) {
      const torch::nn::BatchNorm2dImpl& own = *norms_[net][i];
      Statistics& all = exchange_.statistics[i];
      if (ranks_.first() && net == 0) {
        all.mean.copy_(own.running_mean);
        all.variance.copy_(own.running_var);
      } else if (own.is_training()) {
        update_running_stats(all, before_[i], {own.running_mean, own.running_var},
                             std::pow(1.0 - *own.options.momentum(), count));
      }
    }
  }
  float* totals = exchange_.values.data_ptr<float>() + exchange_.values.numel() - kTotals;
  if (ranks_.first()) std::fill_n(totals, kTotals, 0.0F);
  Totals sum{totals[0], totals[1]};
  if (add_up) add_up(sum);
  totals[0] = sum.loss_sum;
  totals[1] = sum.correct;
  if (ranks_.wishes_to_stop()) totals[2] = 1.0F;
}

// Sets the statistics of the model's own network to those of all ranks.
void Replicas::take_statistics(std::size_t parts) {
  const std::size_t own = share_.parts_of(share_.own_networks().first, parts).size();
  for (std::size_t i = 0; i < norms_.front().size(); ++i) {
    torch::nn::BatchNorm2dImpl& norm = *norms_.front()[i];
    if (!norm.is_training()) continue;
    norm.running_mean.copy_(exchange_.statistics[i].mean);
    norm.running_var.copy_(exchange_.statistics[i].variance);
    norm.num_batches_tracked.add_(static_cast<std::int64_t>(parts - own));
  }
}

}  // namespace fer::train
