// Operators that do not depend on the picture: constants, and computed shapes.
#include <algorithm>
#include <utility>
#include <vector>

#include "fer/graph/onnx_translator.h"

namespace fer::graph {

namespace {

using Dims = std::vector<std::int64_t>;

// The longest computed list. Shapes have a handful of sizes, but a list that is joined with itself
// again and again would grow without bound.
constexpr std::size_t kMostComputed = 64;

// An input that is a short list of integers. @throws fer::Error if it is not.
const OnnxTensor& short_list(const OnnxTranslator& t, std::size_t number) {
  const OnnxTensor* tensor = t.constant(number);
  if (tensor == nullptr) t.fail("computes with values that depend on the picture");
  if (tensor->integers.empty() || tensor->integers.size() > kMostComputed ||
      tensor->dims.size() > 1) {
    t.fail("computes with something else than a short list of integers");
  }
  return *tensor;
}

OnnxTensor list_of(Dims integers) {
  const auto count = static_cast<std::int64_t>(integers.size());
  return {{count}, {}, std::move(integers)};
}

// An index into a list; files may count from its end.
std::int64_t counted(std::int64_t place, std::int64_t count) {
  return place < 0 ? place + count : place;
}

}  // namespace

void translate_constant(OnnxTranslator& t) {
  const OnnxNode& node = t.node();
  if (const auto found = node.tensors.find("value"); found != node.tensors.end()) {
    return t.set(found->second);
  }
  if (const auto found = node.floats.find("value_float"); found != node.floats.end()) {
    return t.set(OnnxTensor{{}, {found->second}, {}});
  }
  if (!node.integers.empty()) {  // value_int, value_ints
    const auto& [name, integers] = *node.integers.begin();
    return t.set(name == "value_int" ? OnnxTensor{{}, {}, integers} : list_of(integers));
  }
  t.fail("has a constant that is no tensor");
}

void translate_shape(OnnxTranslator& t) {
  const Dims& dims = t.view(0).dims;
  const auto rank = static_cast<std::int64_t>(dims.size());
  const auto place = [&](const char* name, std::int64_t usual) {
    return std::clamp<std::int64_t>(counted(integer_of(t.node(), name, usual), rank), 0, rank);
  };
  const std::int64_t first = place("start", 0), last = std::max(place("end", rank), first);
  t.set(list_of({dims.begin() + first, dims.begin() + last}));
}

void translate_gather(OnnxTranslator& t) {
  const OnnxTensor &from = short_list(t, 0), &places = short_list(t, 1);
  if (integer_of(t.node(), "axis", 0) != 0) t.fail("gathers along another axis than the first");
  const auto count = static_cast<std::int64_t>(from.integers.size());
  OnnxTensor gathered{places.dims, {}, {}};
  for (const std::int64_t place : places.integers) {
    const std::int64_t at = counted(place, count);
    if (at < 0 || at >= count) t.fail("gathers what is not there");
    gathered.integers.push_back(from.integers[static_cast<std::size_t>(at)]);
  }
  t.set(std::move(gathered));
}

void translate_slice(OnnxTranslator& t) {
  const OnnxTensor& from = short_list(t, 0);
  const auto count = static_cast<std::int64_t>(from.integers.size());
  const Dims starts = integers_or_input(t, "starts", 1), ends = integers_or_input(t, "ends", 2);
  const Dims axes = integers_or_input(t, "axes", 3);
  const bool plain = starts.size() == 1 && ends.size() == 1 && (axes.empty() || axes == Dims{0}) &&
                     (!t.has_input(4) || short_list(t, 4).integers == Dims{1});
  if (!plain) t.fail("cuts out something else than a part of a list");
  const auto place = [&](std::int64_t at) {
    return std::clamp<std::int64_t>(at < 0 && at >= -count ? at + count : at, 0, count);
  };
  const std::int64_t first = place(starts[0]), last = std::max(place(ends[0]), first);
  t.set(list_of({from.integers.begin() + first, from.integers.begin() + last}));
}

void translate_unsqueeze(OnnxTranslator& t) {
  if (t.constant(0) != nullptr) return t.set(list_of(short_list(t, 0).integers));
  Dims dims = t.view(0).dims;
  const std::size_t more = integers_or_input(t, "axes", 1).size();
  if (more == 0 || more > 4) t.fail("names no axes, or more than 4");
  for (const std::int64_t axis : axes_of(t, dims.size() + more)) {
    const auto at = static_cast<std::size_t>(axis);
    if (at > dims.size()) t.fail("has axes that there are not");
    dims.insert(dims.begin() + axis, 1);
  }
  set_dims(t, std::move(dims));
}

void translate_cast(OnnxTranslator& t) {
  constexpr std::int64_t kFloat = 1, kInteger = 7;
  const std::int64_t to = integer_of(t.node(), "to", kFloat);
  if (const OnnxTensor* constant = t.constant(0)) {
    const bool same = to == kFloat ? !constant->values.empty() : !constant->integers.empty();
    if (!same || (to != kFloat && to != kInteger)) t.fail("changes the type of a constant");
    return t.set(*constant);
  }
  if (to != kFloat) t.fail("makes something else than float32 of its input");
  t.set(0, t.view(0));
}

void join_constants(OnnxTranslator& t) {
  Dims all;
  for (std::size_t i = 0; i < t.node().inputs.size(); ++i) {
    const Dims& part = short_list(t, i).integers;
    all.insert(all.end(), part.begin(), part.end());
    if (all.size() > kMostComputed) t.fail("joins too many constants");
  }
  t.set(list_of(std::move(all)));
}

}  // namespace fer::graph
