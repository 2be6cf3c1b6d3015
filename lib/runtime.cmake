# The rooms that predict without LibTorch and OpenCV. They need only a compiler and nlohmann's JSON header, so
# that they also build for other architectures (preset aarch64).

fer_room(core)
target_include_directories(fer_core PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                           $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}>
                                           $<INSTALL_INTERFACE:include>)
target_compile_features(fer_core PUBLIC cxx_std_20)  # the public headers need it, too
target_include_directories(fer_core PRIVATE ${XXHASH_INCLUDE_DIR})
# Paths from installed programs and libraries to the data of their prefix (core/data_folders.h).
include(GNUInstallDirs)
foreach(place BIN LIB)
  cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_DATADIR BASE_DIRECTORY "${CMAKE_INSTALL_FULL_${place}DIR}"
             OUTPUT_VARIABLE data_from_${place})
endforeach()
# A package that is unpacked anywhere has no prefix: the folder it was packed in may belong to another user by then.
set(data_of_prefix "${CMAKE_INSTALL_FULL_DATADIR}/fer")
set(plugins_of_prefix "${CMAKE_INSTALL_FULL_LIBDIR}/fer")
if(FER_RELOCATABLE)
  set(data_of_prefix "")
  set(plugins_of_prefix "")
endif()
set_source_files_properties(fer/core/data_folders.cpp PROPERTIES COMPILE_DEFINITIONS
  "FER_DATA_FROM_BIN=\"${data_from_BIN}/fer\";FER_DATA_FROM_LIB=\"${data_from_LIB}/fer\";FER_DATA_OF_PREFIX=\"${data_of_prefix}\"")
# Paths to its plug-ins (core/plugin.h).
foreach(place BIN DATA)
  cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_LIBDIR BASE_DIRECTORY "${CMAKE_INSTALL_FULL_${place}DIR}"
             OUTPUT_VARIABLE plugins_from_${place})
endforeach()
set_source_files_properties(fer/core/plugin.cpp PROPERTIES COMPILE_DEFINITIONS
  "FER_PLUGINS_FROM_BIN=\"${plugins_from_BIN}/fer\";FER_PLUGINS_FROM_DATA=\"../${plugins_from_DATA}/fer\";FER_PLUGINS_OF_PREFIX=\"${plugins_of_prefix}\"")
set_source_files_properties(fer/core/version.cpp PROPERTIES
  COMPILE_DEFINITIONS FER_PROJECT_VERSION="${PROJECT_VERSION}")
target_link_libraries(fer_core PUBLIC $<BUILD_INTERFACE:nlohmann_json::nlohmann_json> Threads::Threads
                               PRIVATE ${CMAKE_DL_LIBS})

fer_room(graph core)
fer_room(runtime graph SOURCES
  fer/runtime/conv_layer.cpp
  fer/runtime/cpu.cpp
  fer/runtime/executable.cpp
  fer/runtime/layers.cpp
  fer/runtime/lowering.cpp
  fer/runtime/margin.cpp
  fer/runtime/precision.cpp
  fer/runtime/resampling.cpp
  fer/runtime/team.cpp
  fer/runtime/kernels/baseline.cpp
  fer/runtime/kernels/table.cpp)
# Inner loops are compiled once for each instruction set; at run time the processor decides which are used.
set(instructions_baseline "")
set(instructions_avx2 "-mavx2;-mfma")
set(instructions_avx512 "-mavx512f;-mavx512bw;-mavx512vl;-mavx512dq;-mfma;-mprefer-vector-width=512")
set(instructions_avx512_vnni "${instructions_avx512};-mavx512vnni")
set(instructions_avx512_bf16 "${instructions_avx512_vnni};-mavx512bf16")
set(instructions_avx512_amx "${instructions_avx512_bf16};-mamx-tile;-mamx-bf16")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
  target_sources(fer_runtime PRIVATE fer/runtime/kernels/avx2.cpp fer/runtime/kernels/avx512.cpp
                                     fer/runtime/kernels/avx512_amx.cpp
                                     fer/runtime/kernels/avx512_bf16.cpp
                                     fer/runtime/kernels/avx512_vnni.cpp)
  target_compile_definitions(fer_runtime PRIVATE FER_X86_KERNELS=1)
endif()
# With sanitizers, GCC needs minutes for each kernel file at -O3.
set(kernel_level -O3)
if(FER_SANITIZE)
  set(kernel_level -O1)
endif()
foreach(name baseline avx2 avx512 avx512_vnni avx512_bf16 avx512_amx)
  set_source_files_properties(fer/runtime/kernels/${name}.cpp PROPERTIES
    COMPILE_OPTIONS "${kernel_level};-ffp-contract=fast;${instructions_${name}}")
endforeach()
# No unity build: the files compile quickly, and kernels use the same names.
fer_room(model graph)
fer_room(infer model runtime)
set_target_properties(fer_core fer_graph fer_runtime fer_model fer_infer PROPERTIES UNITY_BUILD OFF)
