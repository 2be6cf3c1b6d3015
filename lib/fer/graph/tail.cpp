#include "fer/graph/tail.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "fer/graph/activation.h"
#include "fer/graph/resize.h"

namespace fer::graph {

namespace {

using Numbers = std::vector<float>;

// The part of a map that one tap of a window reaches along one axis: the results [first, last)
// whose input `result * stride + offset` lies inside the map.
struct Reach {
  std::int64_t first, last;
};

Reach reach(std::int64_t results, std::int64_t inputs, std::int64_t stride, std::int64_t offset) {
  const std::int64_t first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
  const std::int64_t last = inputs > offset ? (inputs - 1 - offset) / stride + 1 : 0;
  return {std::min(first, results),
          std::clamp<std::int64_t>(last, std::min(first, results), results)};
}

class Tail {
 public:
  Tail(const Graph& graph, const std::vector<Shape>& shapes, ValueId map, Numbers values)
      : graph_(graph),
        shapes_(shapes),
        map_(map),
        values_(graph.value_count()),
        before_(graph.value_count()) {
    values_[map] = std::move(values);
  }

  void forward() {
    for (at_ = map_ + 1; at_ < values_.size(); ++at_) {
      values_[at_].resize(static_cast<std::size_t>(shape().count()));
      std::visit([this](const auto& node) { run(node); }, graph_.nodes[at_ - 1]);
    }
  }

  Numbers backward(std::span<const float> direction) {
    gradients_.resize(values_.size());
    for (std::size_t i = map_; i < values_.size(); ++i) gradients_[i].resize(values_[i].size());
    gradients_[graph_.outputs.front()].assign(direction.begin(), direction.end());
    for (at_ = values_.size() - 1; at_ > map_; --at_) {
      std::visit([this](const auto& node) { back(node); }, graph_.nodes[at_ - 1]);
    }
    return std::move(gradients_[map_]);
  }

 private:
  const Shape& shape() const { return shapes_[at_]; }
  Numbers& value() { return values_[at_]; }
  Numbers& gradient() { return gradients_[at_]; }

  void activate(Activation activation) {
    if (activation == Activation::none) return;
    before_[at_] = value();
    for (float& number : value()) number = activated(activation, number);
  }

  // Turns the gradient after an activation into the one before it, in place.
  void deactivate(Activation activation) {
    if (activation == Activation::none) return;
    for (std::size_t i = 0; i < value().size(); ++i) {
      gradient()[i] *= slope_of(activation, before_[at_][i]);
    }
  }

  void add_to(ValueId from) {
    if (from == kNone) return;
    std::transform(value().begin(), value().end(), values_[from].begin(), value().begin(),
                   std::plus<>());
  }

  void back_to(ValueId from) {
    if (from == kNone) return;
    std::transform(gradient().begin(), gradient().end(), gradients_[from].begin(),
                   gradients_[from].begin(), std::plus<>());
  }

  // Calls body(result, input, weight, …) with the offsets of two rows that one weight connects, and
  // the number of elements of the result's row that it reaches.
  template <typename Body>
  void for_each_tap(const Conv& conv, const Body& body) const {
    const Shape &from = shapes_[conv.from], &to = shapes_[at_];
    const std::int64_t group_in = from.channels / conv.groups,
                       group_out = to.channels / conv.groups;
    std::size_t tap = 0;
    for (std::int64_t o = 0; o < to.channels; ++o) {
      for (std::int64_t i = 0; i < group_in; ++i) {
        const std::int64_t c = o / group_out * group_in + i;
        for (std::int64_t ky = 0; ky < conv.kernel_height; ++ky) {
          for (std::int64_t kx = 0; kx < conv.kernel_width; ++kx, ++tap) {
            const auto rows = reach(to.height, from.height, conv.stride, ky - conv.padding);
            const auto cols = reach(to.width, from.width, conv.stride, kx - conv.padding);
            for (std::int64_t y = rows.first; y < rows.last; ++y) {
              const std::int64_t in_y = y * conv.stride + ky - conv.padding;
              const std::int64_t in_x = cols.first * conv.stride + kx - conv.padding;
              body((o * to.height + y) * to.width + cols.first,
                   (c * from.height + in_y) * from.width + in_x, conv.weights[tap],
                   cols.last - cols.first);
            }
          }
        }
      }
    }
  }

  void run(const Conv& conv) {
    const std::int64_t pixels = shape().height * shape().width;
    for (std::size_t o = 0; o < conv.bias.size(); ++o) {
      std::fill_n(value().begin() + static_cast<std::int64_t>(o) * pixels, pixels, conv.bias[o]);
    }
    const float* from = values_[conv.from].data();
    float* to = value().data();
    for_each_tap(conv, [&](std::int64_t result, std::int64_t input, float weight, std::int64_t n) {
      for (std::int64_t x = 0; x < n; ++x) to[result + x] += weight * from[input + x * conv.stride];
    });
    add_to(conv.add);
    activate(conv.activation);
  }

  void back(const Conv& conv) {
    deactivate(conv.activation);
    back_to(conv.add);
    const float* from = gradient().data();
    float* to = gradients_[conv.from].data();
    for_each_tap(conv, [&](std::int64_t result, std::int64_t input, float weight, std::int64_t n) {
      for (std::int64_t x = 0; x < n; ++x) to[input + x * conv.stride] += weight * from[result + x];
    });
  }

  void run(const Linear& dense) {
    const Numbers& from = values_[dense.from];
    const float* row = dense.weights.data();
    for (std::size_t o = 0; o < value().size(); ++o, row += from.size()) {
      value()[o] = dense.bias[o];
      for (std::size_t i = 0; i < from.size(); ++i) value()[o] += row[i] * from[i];
    }
    activate(dense.activation);
  }

  void back(const Linear& dense) {
    deactivate(dense.activation);
    Numbers& to = gradients_[dense.from];
    const float* row = dense.weights.data();
    for (std::size_t o = 0; o < gradient().size(); ++o, row += to.size()) {
      for (std::size_t i = 0; i < to.size(); ++i) to[i] += row[i] * gradient()[o];
    }
  }

  // Calls body(result, inputs…) for each window, with the offsets of its pixels inside the map.
  template <typename Body>
  void for_each_window(const Pool& pool, const Body& body) const {
    const Shape &from = shapes_[pool.from], &to = shapes_[at_];
    std::vector<std::size_t> inside;
    std::size_t result = 0;
    for (std::int64_t c = 0; c < to.channels; ++c) {
      for (std::int64_t y = 0; y < to.height; ++y) {
        for (std::int64_t x = 0; x < to.width; ++x, ++result) {
          inside.clear();
          const std::int64_t top = y * pool.stride - pool.padding;
          const std::int64_t left = x * pool.stride - pool.padding;
          for (std::int64_t row = std::max<std::int64_t>(top, 0);
               row < std::min(top + pool.kernel, from.height); ++row) {
            for (std::int64_t col = std::max<std::int64_t>(left, 0);
                 col < std::min(left + pool.kernel, from.width); ++col) {
              inside.push_back(
                  static_cast<std::size_t>((c * from.height + row) * from.width + col));
            }
          }
          body(result, inside);
        }
      }
    }
  }

  static std::size_t largest(const Numbers& values, const std::vector<std::size_t>& places) {
    return *std::max_element(places.begin(), places.end(),
                             [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  }

  void run(const Pool& pool) {
    const Numbers& from = values_[pool.from];
    for_each_window(pool, [&](std::size_t result, const std::vector<std::size_t>& inside) {
      if (pool.kind == PoolKind::max) {
        value()[result] = from[largest(from, inside)];
        return;
      }
      float sum = 0.0F;
      for (const std::size_t place : inside) sum += from[place];
      value()[result] = sum / static_cast<float>(inside.size());
    });
  }

  void back(const Pool& pool) {
    Numbers& to = gradients_[pool.from];
    for_each_window(pool, [&](std::size_t result, const std::vector<std::size_t>& inside) {
      if (pool.kind == PoolKind::max) {
        to[largest(values_[pool.from], inside)] += gradient()[result];
        return;
      }
      const float share = gradient()[result] / static_cast<float>(inside.size());
      for (const std::size_t place : inside) to[place] += share;
    });
  }

  // Calls body(channel, first, count) for the numbers of each channel of a map.
  template <typename Body>
  void for_each_channel(ValueId map, const Body& body) const {
    const auto pixels = static_cast<std::size_t>(shapes_[map].height * shapes_[map].width);
    for (std::size_t c = 0; c < static_cast<std::size_t>(shapes_[map].channels); ++c) {
      body(c, c * pixels, pixels);
    }
  }

  void run(const Mean& mean) {
    for_each_channel(mean.from, [&](std::size_t c, std::size_t first, std::size_t pixels) {
      float sum = 0.0F;
      for (std::size_t i = first; i < first + pixels; ++i) sum += values_[mean.from][i];
      value()[c] = sum / static_cast<float>(pixels);
    });
  }

  void back(const Mean& mean) {
    for_each_channel(mean.from, [&](std::size_t c, std::size_t first, std::size_t pixels) {
      const float share = gradient()[c] / static_cast<float>(pixels);
      for (std::size_t i = first; i < first + pixels; ++i) gradients_[mean.from][i] += share;
    });
  }

  void run(const Affine& affine) {
    for_each_channel(affine.from, [&](std::size_t c, std::size_t first, std::size_t pixels) {
      for (std::size_t i = first; i < first + pixels; ++i) {
        value()[i] = values_[affine.from][i] * affine.scale[c] + affine.shift[c];
      }
    });
    activate(affine.activation);
  }

  void back(const Affine& affine) {
    deactivate(affine.activation);
    for_each_channel(affine.from, [&](std::size_t c, std::size_t first, std::size_t pixels) {
      for (std::size_t i = first; i < first + pixels; ++i) {
        gradients_[affine.from][i] += gradient()[i] * affine.scale[c];
      }
    });
  }

  void run(const Gate& gate) {
    for_each_channel(gate.from, [&](std::size_t c, std::size_t first, std::size_t pixels) {
      const float open = activated(gate.opens, values_[gate.gate][c]);
      for (std::size_t i = first; i < first + pixels; ++i) {
        value()[i] = values_[gate.from][i] * open;
      }
    });
    add_to(gate.add);
    activate(gate.activation);
  }

  void back(const Gate& gate) {
    deactivate(gate.activation);
    back_to(gate.add);
    for_each_channel(gate.from, [&](std::size_t c, std::size_t first, std::size_t pixels) {
      const float open = activated(gate.opens, values_[gate.gate][c]);
      float to_gate = 0.0F;
      for (std::size_t i = first; i < first + pixels; ++i) {
        gradients_[gate.from][i] += gradient()[i] * open;
        to_gate += gradient()[i] * values_[gate.from][i];
      }
      gradients_[gate.gate][c] += to_gate * slope_of(gate.opens, values_[gate.gate][c]);
    });
  }

  void run(const Add& sum) {
    value() = values_[sum.from];
    add_to(sum.other);
    activate(sum.activation);
  }

  void back(const Add& sum) {
    deactivate(sum.activation);
    back_to(sum.from);
    back_to(sum.other);
  }

  void run(const PRelu& prelu) {
    for_each_channel(prelu.from, [&](std::size_t c, std::size_t first, std::size_t pixels) {
      for (std::size_t i = first; i < first + pixels; ++i) {
        const float x = values_[prelu.from][i];
        value()[i] = x > 0.0F ? x : x * prelu.slopes[c];
      }
    });
  }

  void back(const PRelu& prelu) {
    for_each_channel(prelu.from, [&](std::size_t c, std::size_t first, std::size_t pixels) {
      for (std::size_t i = first; i < first + pixels; ++i) {
        const bool positive = values_[prelu.from][i] > 0.0F;
        gradients_[prelu.from][i] += gradient()[i] * (positive ? 1.0F : prelu.slopes[c]);
      }
    });
  }

  void run(const Concat& concat) {
    auto to = value().begin();
    for (const ValueId part : concat.parts) {
      to = std::copy(values_[part].begin(), values_[part].end(), to);
    }
  }

  void back(const Concat& concat) {
    auto from = gradient().begin();
    for (const ValueId part : concat.parts) {
      for (float& number : gradients_[part]) number += *from++;
    }
  }

  void run(const Multiply& product) {
    for_each_product(product, [&](std::size_t i, std::size_t other) {
      value()[i] = values_[product.from][i] * values_[product.other][other];
    });
  }

  void back(const Multiply& product) {
    for_each_product(product, [&](std::size_t i, std::size_t other) {
      gradients_[product.from][i] += gradient()[i] * values_[product.other][other];
      gradients_[product.other][other] += gradient()[i] * values_[product.from][i];
    });
  }

  // Calls body(result, other) with the index of each result and of the other map's number that
  // multiplies it.
  template <typename Body>
  void for_each_product(const Multiply& product, const Body& body) const {
    const std::size_t count = values_[product.other].size();
    for (std::size_t i = 0; i < values_[at_].size(); ++i) body(i, i % count);
  }

  void run(const Resize& resize) {
    for_each_tap(resize, [&](std::size_t result, std::size_t input, float share) {
      value()[result] += values_[resize.from][input] * share;
    });
  }

  void back(const Resize& resize) {
    for_each_tap(resize, [&](std::size_t result, std::size_t input, float share) {
      gradients_[resize.from][input] += gradient()[result] * share;
    });
  }

  // Calls body(result, input, share) for each result and each of its up to four inputs.
  template <typename Body>
  void for_each_tap(const Resize& resize, const Body& body) const {
    const Shape &from = shapes_[resize.from], &to = shapes_[at_];
    const ResizeTaps taps = resize_taps(resize, from);
    for (std::int64_t i = 0; i < to.count(); ++i) {
      const ResizeTap& col = taps.cols[static_cast<std::size_t>(i % to.width)];
      const ResizeTap& row = taps.rows[static_cast<std::size_t>(i / to.width % to.height)];
      const std::int64_t channel = i / (to.width * to.height);
      for (const auto& [y, down] :
           {std::pair(row.first, 1.0F - row.share), std::pair(row.second, row.share)}) {
        for (const auto& [x, right] :
             {std::pair(col.first, 1.0F - col.share), std::pair(col.second, col.share)}) {
          body(static_cast<std::size_t>(i),
               static_cast<std::size_t>((channel * from.height + y) * from.width + x),
               down * right);
        }
      }
    }
  }

  // Calls body(result, input) for each result, which is a copy of one input.
  template <typename Body>
  void for_each_copy(const Upsample& upsample, const Body& body) const {
    const Shape& to = shapes_[at_];
    const std::int64_t width = to.width / upsample.factor, height = to.height / upsample.factor;
    for (std::int64_t i = 0; i < to.count(); ++i) {
      const std::int64_t x = i % to.width, y = i / to.width % to.height,
                         c = i / (to.width * to.height);
      body(static_cast<std::size_t>(i),
           static_cast<std::size_t>((c * height + y / upsample.factor) * width +
                                    x / upsample.factor));
    }
  }
  template <typename Body>
  void for_each_copy(const PixelShuffle& shuffle, const Body& body) const {
    const Shape& to = shapes_[at_];
    const std::int64_t block = shuffle.block, width = to.width / block, height = to.height / block;
    for (std::int64_t i = 0; i < to.count(); ++i) {
      const std::int64_t x = i % to.width, y = i / to.width % to.height,
                         c = i / (to.width * to.height);
      const std::int64_t channel = (y % block * block + x % block) * to.channels + c;
      body(static_cast<std::size_t>(i),
           static_cast<std::size_t>((channel * height + y / block) * width + x / block));
    }
  }

  // Upsample, PixelShuffle.
  template <typename Copies>
  void run(const Copies& copies) {
    for_each_copy(copies, [&](std::size_t result, std::size_t input) {
      value()[result] = values_[copies.from][input];
    });
  }
  template <typename Copies>
  void back(const Copies& copies) {
    for_each_copy(copies, [&](std::size_t result, std::size_t input) {
      gradients_[copies.from][input] += gradient()[result];
    });
  }

  const Graph& graph_;
  const std::vector<Shape>& shapes_;
  ValueId map_, at_ = 0;
  std::vector<Numbers> values_, gradients_;
  std::vector<Numbers> before_;  // values before the activation, if there is one
};

// Whether no node after `value` reads an earlier value.
bool is_narrow(const Graph& graph, ValueId value) {
  for (std::size_t node = value; node < graph.nodes.size(); ++node) {
    for (const ValueId read : inputs_of(graph.nodes[node])) {
      if (read < value) return false;
    }
  }
  return true;
}

}  // namespace

ValueId last_map(const Graph& graph, const std::vector<Shape>& shapes, std::int64_t least_side) {
  for (ValueId value = graph.nodes.size(); value > kInput; --value) {
    const bool large = std::min(shapes[value].height, shapes[value].width) >= least_side;
    if (large && is_narrow(graph, value)) return value;
  }
  return kInput;
}

std::vector<float> tail_gradient(const Graph& graph, const std::vector<Shape>& shapes, ValueId map,
                                 std::vector<float> values, std::span<const float> direction) {
  Tail tail(graph, shapes, map, std::move(values));
  tail.forward();
  return tail.backward(direction);
}

}  // namespace fer::graph
