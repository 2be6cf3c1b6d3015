// Computes a graph by its definition, in double precision, as the reference for runtimes.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <variant>
#include <vector>

#include "fer/graph/graph.h"
#include "fer/graph/resize.h"

namespace fer::test {

// [channels, height, width] of one image.
struct NaiveMap {
  graph::Shape shape;
  std::vector<double> values;

  double at(std::int64_t c, std::int64_t y, std::int64_t x) const {
    return values[static_cast<std::size_t>((c * shape.height + y) * shape.width + x)];
  }
  bool has(std::int64_t y, std::int64_t x) const {
    return y >= 0 && y < shape.height && x >= 0 && x < shape.width;
  }
};

// Makes a map of `shape` out of a function of channel, row and column.
template <typename Function>
NaiveMap naive_map(const graph::Shape& shape, const Function& value) {
  NaiveMap map{shape, {}};
  for (std::int64_t c = 0; c < shape.channels; ++c) {
    for (std::int64_t y = 0; y < shape.height; ++y) {
      for (std::int64_t x = 0; x < shape.width; ++x) map.values.push_back(value(c, y, x));
    }
  }
  return map;
}

class NaiveNetwork {
 public:
  NaiveNetwork(const graph::Graph& graph, const NaiveMap& input) {
    const auto shapes = graph::shapes_of(graph, input.shape.height, input.shape.width);
    values_.push_back(input);
    for (const graph::Node& node : graph.nodes) {
      shape_ = shapes[values_.size()];
      values_.push_back(std::visit([this](const auto& some) { return make(some); }, node));
    }
  }

  const NaiveMap& value(graph::ValueId id) const { return values_[id]; }

 private:
  static double active(double x, graph::Activation activation) {
    switch (activation) {
      case graph::Activation::relu:
        return std::max(x, 0.0);
      case graph::Activation::sigmoid:
        return 1.0 / (1.0 + std::exp(-x));
      case graph::Activation::relu6:
        return std::min(std::max(x, 0.0), 6.0);
      case graph::Activation::hard_sigmoid:
        return std::min(std::max(x + 3.0, 0.0), 6.0) / 6.0;
      case graph::Activation::hard_swish:
        return x * std::min(std::max(x + 3.0, 0.0), 6.0) / 6.0;
      case graph::Activation::swish:
        return x / (1.0 + std::exp(-x));
      case graph::Activation::none:
        break;
    }
    return x;
  }

  double other(graph::ValueId id, std::int64_t c, std::int64_t y, std::int64_t x) const {
    return id == graph::kNone ? 0.0 : values_[id].at(c, y, x);
  }

  NaiveMap make(const graph::Conv& conv) const {
    const NaiveMap& from = values_[conv.from];
    const std::int64_t inputs = from.shape.channels / conv.groups;
    return naive_map(shape_, [&](std::int64_t o, std::int64_t y, std::int64_t x) {
      double sum = conv.bias[static_cast<std::size_t>(o)] + other(conv.add, o, y, x);
      for (std::int64_t i = 0; i < inputs; ++i) {
        for (std::int64_t ky = 0; ky < conv.kernel_height; ++ky) {
          for (std::int64_t kx = 0; kx < conv.kernel_width; ++kx) {
            const std::int64_t fy = y * conv.stride - conv.padding + ky;
            const std::int64_t fx = x * conv.stride - conv.padding + kx;
            const auto weight = static_cast<std::size_t>(
                ((o * inputs + i) * conv.kernel_height + ky) * conv.kernel_width + kx);
            const std::int64_t channel = conv.groups == 1 ? i : o;
            if (from.has(fy, fx)) sum += conv.weights[weight] * from.at(channel, fy, fx);
          }
        }
      }
      return active(sum, conv.activation);
    });
  }

  NaiveMap make(const graph::Linear& linear) const {
    const std::vector<double>& from = values_[linear.from].values;
    return naive_map(shape_, [&](std::int64_t o, std::int64_t, std::int64_t) {
      double sum = linear.bias[static_cast<std::size_t>(o)];
      for (std::size_t i = 0; i < from.size(); ++i) {
        sum += linear.weights[static_cast<std::size_t>(o) * from.size() + i] * from[i];
      }
      return active(sum, linear.activation);
    });
  }

  NaiveMap make(const graph::Pool& pool) const {
    const NaiveMap& from = values_[pool.from];
    return naive_map(shape_, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
      double sum = 0.0, most = -std::numeric_limits<double>::infinity();
      int count = 0;
      for (std::int64_t i = 0; i < pool.kernel * pool.kernel; ++i) {
        const std::int64_t fy = y * pool.stride - pool.padding + i / pool.kernel;
        const std::int64_t fx = x * pool.stride - pool.padding + i % pool.kernel;
        if (!from.has(fy, fx)) continue;
        sum += from.at(c, fy, fx);
        most = std::max(most, from.at(c, fy, fx));
        ++count;
      }
      return pool.kind == graph::PoolKind::max ? most : sum / count;
    });
  }

  NaiveMap make(const graph::Mean& mean) const {
    const NaiveMap& from = values_[mean.from];
    return naive_map(shape_, [&](std::int64_t c, std::int64_t, std::int64_t) {
      double sum = 0.0;
      for (std::int64_t y = 0; y < from.shape.height; ++y) {
        for (std::int64_t x = 0; x < from.shape.width; ++x) sum += from.at(c, y, x);
      }
      return sum / static_cast<double>(from.shape.height * from.shape.width);
    });
  }

  NaiveMap make(const graph::Affine& affine) const {
    return naive_map(shape_, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
      const auto channel = static_cast<std::size_t>(c);
      const double from = values_[affine.from].at(c, y, x);
      return active(from * affine.scale[channel] + affine.shift[channel], affine.activation);
    });
  }

  NaiveMap make(const graph::Gate& gate) const {
    return naive_map(shape_, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
      const double open = active(values_[gate.gate].at(c, 0, 0), gate.opens);
      const double sum = values_[gate.from].at(c, y, x) * open + other(gate.add, c, y, x);
      return active(sum, gate.activation);
    });
  }

  NaiveMap make(const graph::Add& add) const {
    return naive_map(shape_, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
      return active(values_[add.from].at(c, y, x) + other(add.other, c, y, x), add.activation);
    });
  }

  NaiveMap make(const graph::Concat& concat) const {
    NaiveMap map{shape_, {}};
    for (const graph::ValueId part : concat.parts) {
      const std::vector<double>& values = values_[part].values;
      map.values.insert(map.values.end(), values.begin(), values.end());
    }
    return map;
  }

  NaiveMap make(const graph::PRelu& prelu) const {
    return naive_map(shape_, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
      const double from = values_[prelu.from].at(c, y, x);
      return from < 0.0 ? from * prelu.slopes[static_cast<std::size_t>(c)] : from;
    });
  }

  NaiveMap make(const graph::Upsample& upsample) const {
    return naive_map(shape_, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
      return values_[upsample.from].at(c, y / upsample.factor, x / upsample.factor);
    });
  }

  NaiveMap make(const graph::PixelShuffle& shuffle) const {
    const std::int64_t block = shuffle.block;
    return naive_map(shape_, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
      const std::int64_t place = y % block * block + x % block;
      return values_[shuffle.from].at(place * shape_.channels + c, y / block, x / block);
    });
  }

  NaiveMap make(const graph::Multiply& product) const {
    const NaiveMap &from = values_[product.from], &by = values_[product.other];
    return naive_map(shape_, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
      return from.at(c, y, x) * by.at(by.shape.channels == 1 ? 0 : c, y, x);
    });
  }

  // By taps, which tests/graph/resize_test.cpp checks.
  NaiveMap make(const graph::Resize& resize) const {
    const NaiveMap& from = values_[resize.from];
    const graph::ResizeTaps taps = graph::resize_taps(resize, from.shape);
    return naive_map(shape_, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
      const auto& row = taps.rows[static_cast<std::size_t>(y)];
      const auto& col = taps.cols[static_cast<std::size_t>(x)];
      const auto between = [&](std::int64_t line) {
        return (1.0 - col.share) * from.at(c, line, col.first) +
               col.share * from.at(c, line, col.second);
      };
      return (1.0 - row.share) * between(row.first) + row.share * between(row.second);
    });
  }

  std::vector<NaiveMap> values_;
  graph::Shape shape_;  // of the value that is being made
};

}  // namespace fer::test
