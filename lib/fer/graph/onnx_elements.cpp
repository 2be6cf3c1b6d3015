// Element-wise operators and batch normalisation.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "fer/graph/onnx_translator.h"

namespace fer::graph {

namespace {

std::vector<double> filled(double value, std::size_t count) {
  return std::vector<double>(count, value);
}

std::size_t channels_of(const OnnxTranslator& t, const OnnxView& view) {
  return static_cast<std::size_t>(t.shape(view).channels);
}

// A constant input as one number for each channel of `view`. @throws fer::Error where it is no such
// constant.
std::vector<double> numbers_for(const OnnxTranslator& t, std::size_t number, const OnnxView& view) {
  const OnnxTensor* tensor = t.constant(number);
  if (tensor == nullptr || tensor->values.empty()) t.fail("has a constant that is no float32");
  const std::size_t channels = channels_of(t, view);
  if (tensor->values.size() == 1) return filled(double{tensor->values[0]}, channels);
  const auto axis = t.channel_axis(view);
  const std::size_t rank = tensor->dims.size();
  const bool fits = axis && tensor->values.size() == channels && rank <= view.dims.size() &&
                    *axis + rank >= view.dims.size() &&
                    tensor->dims[*axis + rank - view.dims.size()] == t.shape(view).channels;
  if (!fits) t.fail("has a constant that is no number for each channel");
  return {tensor->values.begin(), tensor->values.end()};
}

// A bound of a Clip, which is an attribute in older files.
double bound_of(const OnnxTranslator& t, std::size_t number, const char* name, double usual) {
  if (!t.has_input(number)) return float_of(t.node(), name, usual);
  const OnnxTensor* bound = t.constant(number);
  if (bound == nullptr || bound->values.size() != 1) t.fail("has bounds that are not in the file");
  return double{bound->values[0]};
}

// scale * activation(slope * x + offset) + shift, of the node's first input.
struct Bend {
  double slope, offset;
  Activation activation;
  double scale, shift;
};

void make_bend(OnnxTranslator& t, const Bend& bend) {
  const OnnxView from = t.view(0);
  const auto all = [&](double value) {
    return std::vector<float>(channels_of(t, from), static_cast<float>(value));
  };
  const ValueId bent = t.add(Affine{from.id, all(bend.slope), all(bend.offset), bend.activation});
  t.make(Affine{bent, all(bend.scale), all(bend.shift)}, from.dims, from.channels_last);
}

// slope * x + offset, clamped to [low, high].
void clip_between(OnnxTranslator& t, double slope, double offset, double low, double high) {
  if (!(low < high)) t.fail("has a lower bound that is not below the upper one");
  const double to_six = 6.0 / (high - low);
  make_bend(t, {slope * to_six, (offset - low) * to_six, Activation::relu6, 1.0 / to_six, low});
}

// scale * x + sign * constant; either input may be the constant.
void add_constant(OnnxTranslator& t, double scale, double sign) {
  const std::size_t constant = t.constant(0) != nullptr ? 0 : 1;
  const OnnxView& from = t.view(1 - constant);
  std::vector<double> shift = numbers_for(t, constant, from);
  for (double& number : shift) number *= sign;
  t.scale(1 - constant, filled(scale, shift.size()), shift);
}

// Makes the sum part of the layer that computes the input `number`.
bool fold_sum(OnnxTranslator& t, std::size_t number) {
  const OnnxView own = t.view(number), &other = t.view(1 - number);
  if (own.id <= other.id || !t.reads_alone(number)) return false;
  Node* maker = t.maker(own);
  const auto fold = [&](auto* layer) {
    if (layer == nullptr || layer->add != kNone || layer->activation != Activation::none) {
      return false;
    }
    layer->add = other.id;
    t.set(number, own);
    return true;
  };
  return fold(std::get_if<Conv>(maker)) || fold(std::get_if<Gate>(maker));
}

// x * sigmoid(x), which older files spell out; `number` is the input with the sigmoid.
bool fold_swish(OnnxTranslator& t, std::size_t number) {
  const OnnxView open = t.view(number), from = t.view(1 - number);
  auto* gate = open.id == kInput ? nullptr : std::get_if<Add>(t.maker(open));
  if (gate == nullptr || gate->from != from.id || gate->other != kNone ||
      !t.same_layout(open, from) || !t.reads_alone(number)) {
    return false;
  }
  const bool smooth = gate->activation == Activation::sigmoid;
  if (!smooth && gate->activation != Activation::hard_sigmoid) return false;
  const Activation swish = smooth ? Activation::swish : Activation::hard_swish;
  if (t.is_last(open) && t.reads_alone(1 - number, /*times=*/2) && t.fold(from.id, swish)) {
    t.drop_last();
    t.set(1 - number, from);
  } else {
    gate->activation = swish;
    t.set(number, open);
  }
  return true;
}

bool all_are(const std::vector<float>& numbers, float value) {
  return std::all_of(numbers.begin(), numbers.end(), [&](float some) { return some == value; });
}

// Whether a layer computes relu6(x + 3) of its input x.
bool is_relu6_of_plus_3(const Affine& affine) {
  return affine.activation == Activation::relu6 && all_are(affine.scale, 1.0F) &&
         all_are(affine.shift, 3.0F);
}

// relu6(x + 3) / 6, which is how older files write hard_sigmoid(x).
bool fold_hard_sigmoid(OnnxTranslator& t, std::size_t number, const std::vector<double>& scale) {
  const OnnxView from = t.view(number);
  auto* affine = from.id == kInput ? nullptr : std::get_if<Affine>(t.maker(from));
  const auto is_sixth = [](double some) { return std::abs(some - 1.0 / 6.0) < 1e-6; };
  if (affine == nullptr || !is_relu6_of_plus_3(*affine) || !t.reads_alone(number) ||
      !std::all_of(scale.begin(), scale.end(), is_sixth)) {
    return false;
  }
  *t.maker(from) = Add{.from = affine->from, .activation = Activation::hard_sigmoid};
  t.set(number, from);
  return true;
}

// x * relu6(x + 3), which is 6 * hard_swish(x); `number` is the input with the relu6.
bool fold_hard_swish(OnnxTranslator& t, std::size_t number) {
  const OnnxView open = t.view(number), from = t.view(1 - number);
  auto* affine = open.id == kInput ? nullptr : std::get_if<Affine>(t.maker(open));
  if (affine == nullptr || affine->from != from.id || !is_relu6_of_plus_3(*affine) ||
      !t.same_layout(open, from) || !t.reads_alone(number)) {
    return false;
  }
  *t.maker(open) = Add{.from = affine->from, .activation = Activation::hard_swish};
  const std::size_t channels = channels_of(t, open);
  t.make(Affine{.from = open.id,
                .scale = std::vector<float>(channels, 6.0F),
                .shift = std::vector<float>(channels, 0.0F)},
         open.dims, open.channels_last);
  return true;
}

// `number` is the input that is a vector.
bool fold_gate(OnnxTranslator& t, std::size_t number) {
  const OnnxView gate = t.view(number), from = t.view(1 - number);
  const Shape shape = t.shape(from);
  const bool fits = t.shape(gate) == Shape{shape.channels, 1, 1} && t.channel_axis(from) &&
                    t.channel_axis(from) == t.channel_axis(gate) &&
                    gate.dims.size() == from.dims.size();
  if (!fits) return false;
  t.make(Gate{.from = from.id, .gate = gate.id, .opens = Activation::none}, from.dims,
         from.channels_last);
  return true;
}

// Element-wise product, or each pixel by one number for all its channels; `number` is the input
// that multiplies.
bool make_product(OnnxTranslator& t, std::size_t number) {
  const OnnxView other = t.view(number), from = t.view(1 - number);
  const Shape shape = t.shape(from);
  const auto axis = t.channel_axis(from);
  const bool single = axis && t.channel_axis(other) && from.dims.size() == other.dims.size() &&
                      t.shape(other) == Shape{1, shape.height, shape.width};
  if (!single && !t.same_layout(from, other)) return false;
  t.make(Multiply{from.id, other.id}, from.dims, from.channels_last);
  return true;
}

// Multiplies each channel by its own number.
void multiply(OnnxTranslator& t, std::size_t number, const std::vector<double>& scale) {
  if (!fold_hard_sigmoid(t, number, scale)) t.scale(number, scale, filled(0.0, scale.size()));
}

}  // namespace

void translate_batch_normalization(OnnxTranslator& t) {
  const OnnxView& from = t.view(0);
  if (t.channel_axis(from) != 1) t.fail("reads what is no map [1,channels,height,width]");
  std::vector<double> parts[4];  // scale, shift, mean, variance
  for (std::size_t i = 0; i < 4; ++i) {
    const OnnxTensor* part = t.constant(i + 1);
    if (part == nullptr || part->values.size() != channels_of(t, from)) {
      t.fail("has no float32 for each channel in the file");
    }
    parts[i].assign(part->values.begin(), part->values.end());
  }
  if (integer_of(t.node(), "training_mode", 0) != 0 || integer_of(t.node(), "spatial", 1) != 1) {
    t.fail("normalises by the picture, not by what is in the file");
  }
  const double epsilon = float_of(t.node(), "epsilon", 1e-5);
  for (std::size_t c = 0; c < parts[0].size(); ++c) {
    parts[0][c] /= std::sqrt(parts[3][c] + epsilon);
    parts[1][c] -= parts[2][c] * parts[0][c];
  }
  t.scale(0, parts[0], parts[1]);
}

void translate_relu(OnnxTranslator& t) { t.activate(0, Activation::relu); }

void translate_clip(OnnxTranslator& t) {
  constexpr double kMost = std::numeric_limits<float>::max();
  const double low = bound_of(t, 1, "min", -kMost), high = bound_of(t, 2, "max", kMost);
  const bool has_low = low > -kMost, has_high = high < kMost;
  if (low == 0.0 && (high == 6.0 || !has_high)) {
    t.activate(0, has_high ? Activation::relu6 : Activation::relu);
  } else if (has_low && has_high) {
    clip_between(t, 1.0, 0.0, low, high);
  } else if (has_low) {
    make_bend(t, {1.0, -low, Activation::relu, 1.0, low});
  } else if (has_high) {
    make_bend(t, {-1.0, high, Activation::relu, -1.0, high});
  } else {
    t.set(0, t.view(0));
  }
}

void translate_sigmoid(OnnxTranslator& t) { t.activate(0, Activation::sigmoid); }

void translate_hard_sigmoid(OnnxTranslator& t) {
  const double slope = float_of(t.node(), "alpha", 0.2), middle = float_of(t.node(), "beta", 0.5);
  const bool is_usual = std::abs(slope - 1.0 / 6.0) < 1e-6 && middle == 0.5;
  if (!is_usual) return clip_between(t, slope, middle, 0.0, 1.0);
  t.activate(0, Activation::hard_sigmoid);
}

void translate_hard_swish(OnnxTranslator& t) { t.activate(0, Activation::hard_swish); }

void translate_prelu(OnnxTranslator& t) {
  const OnnxView from = t.view(0);
  const std::vector<double> slopes = numbers_for(t, 1, from);
  t.make(PRelu{from.id, {slopes.begin(), slopes.end()}}, from.dims, from.channels_last);
}

void translate_leaky_relu(OnnxTranslator& t) {
  const OnnxView from = t.view(0);
  const auto slope = static_cast<float>(float_of(t.node(), "alpha", 0.01));
  t.make(PRelu{from.id, std::vector<float>(channels_of(t, from), slope)}, from.dims,
         from.channels_last);
}

void translate_add(OnnxTranslator& t) {
  if (t.constant(0) != nullptr || t.constant(1) != nullptr) return add_constant(t, 1.0, 1.0);
  const OnnxView a = t.view(0), b = t.view(1);
  if (!t.same_layout(a, b)) t.fail("adds values of different shapes");
  if (fold_sum(t, 0) || fold_sum(t, 1)) return;
  t.make(Add{.from = a.id, .other = b.id}, a.dims, a.channels_last);
}

void translate_sub(OnnxTranslator& t) {
  if (t.constant(0) != nullptr) return add_constant(t, -1.0, 1.0);
  if (t.constant(1) == nullptr) t.fail("subtracts what is no constant");
  add_constant(t, 1.0, -1.0);
}

void translate_mul(OnnxTranslator& t) {
  for (const std::size_t constant : {std::size_t{0}, std::size_t{1}}) {
    if (t.constant(constant) == nullptr) continue;
    const std::vector<double> scale = numbers_for(t, constant, t.view(1 - constant));
    return multiply(t, 1 - constant, scale);
  }
  for (const std::size_t number : {std::size_t{1}, std::size_t{0}}) {
    if (fold_swish(t, number) || fold_hard_swish(t, number) || fold_gate(t, number)) return;
  }
  for (const std::size_t number : {std::size_t{1}, std::size_t{0}}) {
    if (make_product(t, number)) return;
  }
  t.fail("multiplies computed values of shapes that do not fit each other");
}

void translate_div(OnnxTranslator& t) {
  if (t.constant(1) == nullptr) t.fail("divides by what is no constant");
  std::vector<double> scale = numbers_for(t, 1, t.view(0));
  for (double& number : scale) number = 1.0 / number;
  multiply(t, 0, scale);
}

}  // namespace fer::graph
