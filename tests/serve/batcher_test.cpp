#include "fer/serve/batcher.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "fer/model/named_models.h"
#include "support/catch.h"

namespace fer::serve {
namespace {

// How many more allocations of this thread succeed before one fails; -1: all do.
thread_local long allocations_left = -1;

void* allocate(std::size_t bytes, std::size_t alignment) {
  if (allocations_left >= 0 && allocations_left-- == 0) throw std::bad_alloc();
  const std::size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  void* memory = alignment > alignof(std::max_align_t) ? std::aligned_alloc(alignment, rounded)
                                                       : std::malloc(bytes == 0 ? 1 : bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace
}  // namespace fer::serve

void* operator new(std::size_t bytes) { return fer::serve::allocate(bytes, 1); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return fer::serve::allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace fer::serve {
namespace {

std::shared_ptr<const ServedModel> nano() {
  const std::string path = std::string(FER_SOURCE_DIR) + "/models/nano.safetensors";
  return std::make_shared<const ServedModel>("nano", model::load_models({path}), /*threads=*/1,
                                             infer::Precision::automatic);
}

Faces grey_faces(std::size_t count, std::uint8_t level) {
  Faces faces;
  for (std::size_t i = 0; i < count; ++i) {
    FacePixels pixels;
    pixels.fill(static_cast<std::uint8_t>(level + 10 * i));
    faces.append(FaceView(pixels));
  }
  return faces;
}

// What became of a request for some faces.
struct Answer {
  ClassifyJob::Rows rows;
  std::exception_ptr failure;

  bool lacked_memory() const {
    try {
      if (failure) std::rethrow_exception(failure);
    } catch (const std::bad_alloc&) {
      return true;
    }
    return false;
  }
};

// Adds a request. `after` runs in the batcher's thread once it is answered.
std::future<Answer> ask(
    Batcher& batcher, const std::shared_ptr<const ServedModel>& model, Faces faces,
    std::function<void()> after = [] {}) {
  auto promise = std::make_shared<std::promise<Answer>>();
  std::future<Answer> answer = promise->get_future();
  batcher.add({.model = model,
               .faces = std::move(faces),
               .cuts = {},
               .done = [promise, after](ClassifyJob::Rows rows, std::exception_ptr failure) {
                 const long left = std::exchange(allocations_left, -1);  // the promise's are none
                 promise->set_value({std::move(rows), failure});
                 allocations_left = left;
                 after();
               }});
  return answer;
}

TEST_CASE("Whichever allocation of a batch fails, its requests are told and the next ones answered",
          "[serve][unit]") {
  int failures = 0;
  bool succeeded = false;
  for (long n = 0; !succeeded; ++n) {
    CAPTURE(n);
    const auto model = nano();  // without memory of former runs
    Batcher batcher(/*wait_s=*/0.0, [](std::size_t, double) {});
    std::promise<void> others_wait;
    ask(batcher, model, {}, [&] {
      others_wait.get_future().wait();
      allocations_left = n;  // from now on
    }).get();                // its batch has begun, so the next two are one of their own
    auto one = ask(batcher, model, grey_faces(2, 90));
    auto two = ask(batcher, model, grey_faces(1, 40), [] { allocations_left = -1; });
    others_wait.set_value();
    const Answer a = one.get(), b = two.get();
    const auto rows = ask(batcher, model, grey_faces(2, 90)).get().rows;
    CHECK(rows.size() == 2);
    for (const Answer& answer : {a, b}) {
      CHECK((answer.failure == nullptr || answer.lacked_memory()));
      CHECK(answer.rows.empty() == (answer.failure != nullptr));
    }
    succeeded = !a.failure && !b.failure;
    failures += succeeded ? 0 : 1;
    if (succeeded) CHECK(a.rows == rows);
  }
  CHECK(failures > 5);
}

TEST_CASE("A request whose answer cannot be made does not end the service", "[serve][unit]") {
  const auto model = nano();
  Batcher batcher(/*wait_s=*/0.0, [](std::size_t, double) {});
  auto lost = ask(batcher, model, grey_faces(1, 90), [] { throw std::bad_alloc(); });
  CHECK(ask(batcher, model, grey_faces(1, 90)).get().rows == lost.get().rows);
}

}  // namespace
}  // namespace fer::serve
