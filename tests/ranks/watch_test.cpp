#include "fer/ranks/watch.h"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include "support/catch.h"

using namespace fer;

namespace {

struct Texts {
  std::mutex lock;
  std::map<std::string, std::string> all;
  bool out_of_reach = false;
};

// One rank's access to the board that all ranks share.
class SharedBoard final : public ranks::Board {
  // Declared first: its return type is deduced before the functions below use it.
  template <class Do>
  auto with(Do act) {
    const std::lock_guard guard(shared_->lock);
    if (shared_->out_of_reach) throw std::runtime_error("connection reset");
    return act(shared_->all);
  }

 public:
  explicit SharedBoard(std::shared_ptr<Texts> shared) : shared_(std::move(shared)) {}

  void set(const std::string& key, const std::string& text) override {
    with([&](auto& all) { all[key] = text; });
  }
  bool has(const std::string& key) override {
    return with([&](auto& all) { return all.contains(key); });
  }
  std::string get(const std::string& key) override {
    return with([&](auto& all) { return all.at(key); });
  }
  std::string set_first(const std::string& key, const std::string& text) override {
    return with([&](auto& all) { return all.emplace(key, text).first->second; });
  }

 private:
  std::shared_ptr<Texts> shared_;
};

// A rank that does nothing but watch.
struct Rank {
  Rank(const std::shared_ptr<Texts>& shared, int number)
      : watch(std::make_unique<SharedBoard>(shared), number,
              {"rank 0 (alpha)", "rank 1 (beta)", "rank 2 (beta)"},
              {[this] { failed = true; }, [](const std::string&) {}}) {}

  std::atomic<bool> failed = false;
  ranks::Watch watch;
};

}  // namespace

TEST_CASE("All ranks learn the first failure", "[ranks][unit]") {
  const auto shared = std::make_shared<Texts>();
  Rank first(shared, 0), second(shared, 1), third(shared, 2);
  CHECK(second.watch.report("rank 1 (beta): no such file") == "rank 1 (beta): no such file");
  // Rank 2 sees the closed connection of rank 1 and learns the reason.
  CHECK(third.watch.report("rank 1 (beta) is gone") == "rank 1 (beta): no such file");
  CHECK(first.watch.report("rank 2 (beta) is gone") == "rank 1 (beta): no such file");
  CHECK(first.failed);
  CHECK(second.failed);
  CHECK(third.failed);
  first.watch.wait_until_known();  // returns at once
}

TEST_CASE("A board that is out of reach has gone with rank 0", "[ranks][unit]") {
  const auto shared = std::make_shared<Texts>();
  Rank second(shared, 1);
  {
    const std::lock_guard guard(shared->lock);
    shared->out_of_reach = true;
  }
  CHECK(second.watch.report("rank 2 (beta) is gone") ==
        "rank 0 (alpha) is gone, or cannot be reached any more");
  CHECK_FALSE(second.watch.leave());
}

TEST_CASE("Ranks leave together", "[ranks][unit]") {
  const auto shared = std::make_shared<Texts>();
  Rank first(shared, 0), second(shared, 1), third(shared, 2);
  std::atomic<int> left = 0;
  std::thread others[] = {std::thread([&] { left += second.watch.leave() ? 1 : 0; }),
                          std::thread([&] { left += third.watch.leave() ? 1 : 0; })};
  CHECK(first.watch.leave());
  for (std::thread& other : others) other.join();
  CHECK(left == 2);
  CHECK(first.watch.failure().empty());
}
