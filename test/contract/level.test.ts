import { describe, expect, test } from 'vitest';
import { sniffLevel } from '../../source/contract/level.ts';
import type { LogLevel } from '../../source/contract/log.ts';

const esc = '\x1b[';

/** Lines as real programs print them, by the level that they have. */
const lines: Readonly<Record<LogLevel, Readonly<Record<string, readonly string[]>>>> = {
	DEBUG: {
		'Python logging': [
			'DEBUG:urllib3.connectionpool:Starting new HTTPS connection (1): huggingface.co:443',
			'2026-01-01 12:00:00,123 - filelock - DEBUG - Attempting to acquire lock 140 on /tmp/x.lock',
		],
		loguru: ['2026-01-01 12:00:00.123 | TRACE    | data:load:7 - row 4'],
		'Rust tracing': ['2026-01-01T12:00:00.123456Z TRACE hyper::proto: flushed 103 bytes'],
		torch: [
			'[rank0]:V1120 12:00:00.123000 4711 torch/_dynamo/guards.py:2169] [0/0] [__guards] x',
			'D0101 12:00:00.123456 1234 cuda_driver.cc:12] opened',
		],
		JSON: ['{"time":1767268800000,"pid":4,"level":20,"msg":"cache hit"}'],
		zerolog: ['12:00PM DBG shard opened path=/data/0'],
	},
	INFO: {
		'bare words': ['INFO node 0 trains', 'INFO: GPU available: True (cuda), used: True'],
		'Python logging': [
			'INFO:lightning.pytorch.utilities.rank_zero:GPU available: True (cuda), used: True',
			'2026-01-01 12:00:00,123 INFO train.py:88 resumed from step 4000',
			'2026-01-01 12:00:00,123:INFO:trainer: resumed',
			'[2026-01-01 12:00:00,123][__main__][INFO] - config written',
			'Jan 01 12:00:00 gpu-7 trainer[4711]: INFO resumed',
		],
		'absl and TensorFlow': [
			'I0101 12:00:00.123456 140000000 checkpoint.py:164] Saving step 100.',
			'2026-01-01 12:00:00.123456: I tensorflow/core/platform/cpu_feature_guard.cc:210] This TensorFlow binary is optimized',
		],
		transformers: [
			'[INFO|trainer.py:2134] 2026-01-01 12:00:00,123 >> ***** Running training *****',
		],
		deepspeed: [
			'[2026-01-01 12:00:00,123] [INFO] [real_accelerator.py:222:get_accelerator] Setting ds_accelerator to cuda (auto detect)',
		],
		composer: [
			'2026-01-01 12:00:00,123: rank0[4711][MainThread]: INFO: llmfoundry.command_line.train: Building trainer',
		],
		vLLM: [
			'(EngineCore_DP0 pid=116936) INFO 01-08 17:16:15 [core.py:76] Initializing a V1 LLM engine',
		],
		uvicorn: ['INFO:     127.0.0.1:40178 - "GET /v1/models HTTP/1.1" 200 OK'],
		ray: ['2026-01-01 12:00:00,123\tINFO worker.py:1724 -- Started a local Ray instance.'],
		NCCL: ['dgxh100-3:2152176:2152299 [0] NCCL INFO P2P Chunksize set to 131072'],
		NeMo: ['[NeMo I 2026-01-01 12:00:00 megatron_init:234] Rank 0 has data parallel group'],
		optuna: ['[I 2026-01-01 12:00:00,123] A new study created in memory with name: x'],
		structlog: ['2026-01-01T12:00:00Z [info     ] epoch ends                     epoch=3 loss=0.1'],
		logfmt: ['time="2026-01-01T12:00:00Z" level=info msg="3 errors were mended" error=none'],
		JSON: ['{"event": "step", "loss": 0.3, "level": "info", "timestamp": "2026-01-01T12:00:00Z"}'],
		'Java and Go': [
			'24/01/01 12:00:00 INFO SparkContext: Running Spark version 3.5.0',
			'2026-01-01T12:00:00.123Z\tINFO\tcontroller/run.go:42\tstarted',
		],
		'progress told by a logger': ['2026-01-01 12:00:00 | INFO | trainer:log:9 - 45% done'],
	},
	WARNING: {
		'Python logging': [
			'WARNING:root:slow',
			'2026-01-01 12:00:00,123 - root - WARNING - slow',
			'[2026-01-01 12:00:00,123][torch.distributed][WARNING] slow',
			'01/01/2026 12:00:00 - WARNING - accelerate.utils.other - Detected kernel version 4.4.0',
			'root WARNING: slow',
			'[2026-01-01 12:00:00,123: WARNING/MainProcess] consumer: connection lost',
			'2026-01-01 12:00:00 trainer WARNING: slow',
		],
		'bare words': ['[rank0] WARN: slow', 'Warning: slow', 'rank 3 WARNING step took 9 s'],
		loguru: ['2026-01-01 12:00:00.123 | WARNING  | train:main:12 - lr is 0'],
		rich: [
			'[12:00:00] WARNING  lr is 0                                             train.py:12',
			'           WARNING  again                                               train.py:13',
		],
		structlog: ['2026-01-01 12:00:00 [warning  ] event                          key=value'],
		'absl and glog': [
			'W0101 12:00:00.123456 1234 file.cc:12] msg',
			'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR',
			'W20260101 12:00:00.123456 1 a.cc:1] msg',
			'WARNING:2026-01-01 12:00:00,123:jax._src.xla_bridge:969: An NVIDIA GPU may be present',
		],
		TensorFlow: [
			'2026-01-01 12:00:00.123456: W tensorflow/compiler/tf2tensorrt/utils/py_utils.cc:38] TF-TRT Warning: Could not find TensorRT',
		],
		torch: [
			'[rank0]:[W1120 12:00:00.986111857 ProcessGroupNCCL.cpp:1374] Warning: WARNING: process group has NOT been destroyed',
			'[rank0]:[W403 11:42:02.380967152 ProcessGroupNCCL.cpp:1250] Warning: WARNING: x',
			'[W socket.cpp:601] [c10d] The client socket has failed to connect to [localhost]:29500',
			'[rank0]:[W reducer.cpp:1300] Warning: find_unused_parameters=True was specified',
			'W0219 09:17:03.837000 140066961602368 torch/distributed/elastic/multiprocessing/api.py:858] Sending process 2448006 closing signal SIGTERM',
			'WARNING:torch.distributed.run:',
			'[2026-01-01 12:00:00,123] torch.distributed.run: [WARNING] *****************************************',
		],
		"Python's warnings": [
			'/opt/conda/lib/python3.11/site-packages/torch/optim/lr_scheduler.py:143: UserWarning: Detected call of `lr_scheduler.step()`',
			'<frozen importlib._bootstrap>:283: DeprecationWarning: the load_module() method is deprecated',
			'train.py:12: FutureWarning: `torch.cuda.amp.autocast(args...)` is deprecated.',
			'sys:1: ResourceWarning: unclosed file',
			'[rank3]: /a/b.py:1: UserWarning: x',
		],
		NCCL: [
			'hai-a100-3:3778851:3779883 [4] ibvwrap.c:130 NCCL WARN Call to ibv_create_qp failed',
			'[155] crow-ib-19:5330:7970 [3] misc/ibvwrap.cc:284 NCCL WARN Call to ibv_modify_qp failed',
			'[2026-01-01 12:00:00] node:12:34 [0] init.cc:1 NCCL WARN Cuda failure',
		],
		wandb: ['wandb: WARNING Serializing object of type ndarray that is 900 bytes'],
		ray: [
			'(gcs_server) [2026-01-01 03:15:21,685 W 921 921] (gcs_server) gcs_worker_manager.cc:55: Reporting worker exit',
			'(pid=1) WARNING: slow',
			`${esc}36m(train_fn pid=4711, ip=10.0.0.2)${esc}0m WARNING:root:slow`,
		],
		JSON: [
			'{"level":"warn","ts":1767268800.1,"caller":"a/b.go:1","msg":"slow"}',
			'{"asctime": "2026-01-01 12:00:00,123", "levelname": "WARNING", "message": "slow"}',
			'{"severity":"WARNING","message":"slow"}',
			'{"level":40,"time":1767268800000,"pid":1,"hostname":"h","msg":"slow"}',
			'{"text": "slow", "record": {"level": {"icon": "x", "name": "WARNING", "no": 30}, "line": 1}}',
			'{"@timestamp":"2026-01-01T12:00:00Z","log.level":"warn","message":"slow"}',
			'(pid=1) {"lvl":"warning","msg":"slow"}',
			`{"level":"warning","msg":"${'slow '.repeat(20)} … [9 bytes cut]`,
		],
		logfmt: [
			'ts=2026-01-01T12:00:00Z caller=main.go:1 level=warn msg="slow"',
			'level="warning" msg=slow',
		],
		'Rust and Go': [
			'2026-01-01T12:00:00.123456Z  WARN tokio_util::codec: slow',
			'[2026-01-01T12:00:00Z WARN  my_crate::io] slow',
			'WARN[0003] slow                                          attempt=2',
			'2026/01/01 12:00:00 WARN slow attempt=2',
			'12:00PM WRN slow attempt=2',
		],
		Java: [
			'24/01/01 12:00:00 WARN NativeCodeLoader: Unable to load native-hadoop library',
			'12:00:00.123 [main] WARN  c.e.App - slow',
		],
		'other programs': [
			'npm WARN deprecated inflight@1.0.6: This module is not supported',
			'2026/01/01 12:00:00 [warn] 31#31: slow',
			'csrc/fused.cpp:12:3: warning: unused variable x',
		],
		coloured: [
			`${esc}33mWARNING${esc}0m:root:slow`,
			`${esc}32m2026-01-01 12:00:00.123${esc}0m | ${esc}33m${esc}1mWARNING ${esc}0m | ${esc}36mtrain${esc}0m:${esc}36m1${esc}0m - slow`,
			`${esc}2m2026-01-01 12:00:00${esc}0m [${esc}33m${esc}1mwarning  ${esc}0m] ${esc}1mslow${esc}0m`,
		],
	},
	ERROR: {
		'Python logging': [
			'ERROR:root:msg',
			'CRITICAL: out of memory',
			'2026-01-01 12:00:00,123 - name - ERROR - msg',
			'2026-01-01 12:00:00,123 CRITICAL [train.py:12] msg',
			'ERROR:torch.distributed.elastic.multiprocessing.api:failed (exitcode: -9) local_rank: 0',
			'ERROR: 5 workers died',
			'[2026-01-01 12:00:00] ERROR 3 workers died',
		],
		exceptions: [
			'Traceback (most recent call last):',
			'[rank1]: Traceback (most recent call last):',
			'(APIServer pid=116718) Traceback (most recent call last):',
			'  + Exception Group Traceback (most recent call last):',
			'RuntimeError: CUDA error: device-side assert triggered',
			'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.',
			'[rank0]: torch.distributed.DistBackendError: NCCL error in: ProcessGroupNCCL.cpp:2027',
			'torch.distributed.elastic.multiprocessing.errors.ChildFailedError: ',
			'ray.exceptions.RayTaskError(ValueError): ray::train() (pid=4711, ip=10.0.0.2)',
			'KeyboardInterrupt',
			'AssertionError',
			'KeyError: 3',
			'Error: Cannot find module',
		],
		'ends of programs': [
			'CUDA error: an illegal memory access was encountered',
			'Fatal Python error: Segmentation fault',
			"terminate called after throwing an instance of 'c10::Error'",
			"thread 'main' panicked at src/main.rs:4:5:",
			'panic: runtime error: index out of range [3] with length 3',
			'Exception in thread "main" java.lang.NullPointerException',
			'Segmentation fault (core dumped)',
		],
		torch: [
			'[rank1]:[E1120 12:00:00.123456789 ProcessGroupNCCL.cpp:616] [Rank 1] Watchdog caught collective operation timeout',
			'[E ProcessGroupNCCL.cpp:828] [Rank 0] Watchdog caught collective operation timeout',
			'E1120 12:00:00.123000 140066961602368 torch/distributed/elastic/multiprocessing/api.py:833] failed (exitcode: 1)',
			'[2026-01-01 12:00:00,123] torch.distributed.elastic.multiprocessing.api: [ERROR] failed (exitcode: 1)',
		],
		'absl, glog and TensorFlow': [
			'F1120 12:00:00.123456 1234 file.cc:12] Check failed: x',
			'E0000 00:00:1736163964.084812 3415088 cuda_dnn.cc:8310] Unable to register cuDNN factory',
			'2026-01-01 12:00:00.123456: E external/local_xla/xla/stream_executor/cuda/cuda_dnn.cc:9261] Unable to register cuDNN factory',
		],
		ray: [
			'(raylet) [2026-01-01 13:00:31,947 E 90952 90952] (raylet) node_manager.cc:3077: 6 Workers (tasks / actors) killed due to memory pressure (OOM)',
		],
		vLLM: [
			'(EngineCore_7 pid=2095681) ERROR 04-17 23:05:06 [core.py:390]     super().__init__(',
			'Aug 19 18:34:27 vllm vllm[8727]: (EngineCore pid=8727) ERROR 08-19 18:34:27 [core.py:1349] Traceback (most recent call last):',
		],
		loguru: ['2026-01-01 12:00:00.123 | ERROR    | mod:fn:1 - msg'],
		structlog: ['[error    ] event                          key=value'],
		JSON: [
			'{"level": "error", "msg": "x"}',
			'{"severity":"CRITICAL","message":"x"}',
			'{"v":0,"name":"a","level":50,"msg":"x","time":"2026-01-01T12:00:00Z"}',
			'{"log":{"level":"error","logger":"x"},"message":"x"}',
		],
		logfmt: ['level=error msg="x"', 'time=2026-01-01T12:00:00Z level=ERROR msg=x'],
		airflow: [
			'[2026-01-01T12:00:00.123+0000] {taskinstance.py:1826} ERROR - Task failed with exception',
		],
		slurm: [
			'slurmstepd: error: *** STEP 4711.0 ON gpu-7 CANCELLED AT 2026-01-01T12:00:00 ***',
			'srun: error: gpu-7: task 0: Killed',
			'0: srun: error: gpu-7: task 0: Killed',
		],
		Java: [
			'2026-01-01 12:00:00.123 ERROR 4711 --- [           main] o.s.b.SpringApplication : x',
			'SEVERE: x',
		],
		'other programs': [
			'wandb: ERROR Error while calling W&B API: project not found',
			'ERROR: Could not find a version that satisfies the requirement torch==9 (from versions: none)',
			'fatal: not a git repository (or any of the parent directories): .git',
			'kernel.cu:12:3: error: expected a ";"',
			'npm ERR! code ERESOLVE',
			'*** ERROR *** no checkpoint',
		],
		coloured: [`${esc}1;31mERROR${esc}0m: x`, `${esc}31m[E1120 12:00:00.1 a.cc:1] x${esc}0m`],
	},
};

/** Lines that name no level, whatever words they hold. */
const without: Readonly<Record<string, readonly string[]>> = {
	metrics: [
		'step 12 loss 0.3',
		'error_rate=0.1',
		'loss=0.3 error=0.1 level=3',
		'loss 0.3 errors 0',
		'error: 0.1 loss: 0.3',
		'ERROR: 0.12',
		'Error: 3',
		'| ERROR | 0.12 |',
		'ERROR 0.12',
		'errors: 0, warnings: 0',
		'MeanSquaredError: 0.034',
		'loss: INF',
		"{'loss': 0.3, 'level': 'error', 'epoch': 1.2}",
		'{"step": 1, "level": 40, "reward": 0.5}',
		'{"loss": 0.3, "config": {"level": "error"}}',
		'{"msg": "said \\"level\\": \\"error\\""}',
		' [2026-01-01 12:00:00.123] iteration 10/ 100 | consumed samples: 40 | number of nan iterations: 0 |',
	],
	prose: [
		'no ERROR found',
		'2026-01-01 12:00:00 no ERROR found',
		'Note: no ERROR found',
		'10 ERROR lines were skipped',
		'done (see the ERROR log)',
		'INFORMATION is not a level',
		'Information: none',
		'an error: it was mended',
		'Validation error: small',
		'ERROR_LOG is /tmp/x',
		'raise ValueError',
		'the WARNING sign',
		'read "ERROR: x" in the log',
		'W: a matrix',
		'E = mc2',
		`${'x'.repeat(200)} ERROR far inside`,
		`${'[x] '.repeat(100)}ERROR far inside`,
	],
	settings: [
		'debug: False',
		'error: null',
		'log_level: info',
		'DEBUG=1 python train.py',
		'python train.py --log-level=error',
		'+ exec torchrun --tee 3 train.py --level error',
		'NCCL version 2.21.5+cuda12.4',
	],
	'progress bars': [
		'Epoch 1:  45%|████▌     | 45/100 [00:12<00:15,  3.6it/s, loss=0.3]',
		'ERROR check:  45%|████▌     | 45/100 [00:12<00:15,  3.6it/s]',
		'WARNING:  45%|████▌     | 45/100 [00:12<00:15,  3.6it/s]',
		'[ERROR]:  45%|████▌     | 45/100 [00:12<00:15,  3.6it/s]',
		'ERROR rows: 123it [00:12, 10.1it/s]',
		'ERROR rows: 12files [00:12, 10.1files/s]',
		'WARNING ━━━━━━━━━━━━━━━━━━━━ 45% 0:00:12',
		'  0%|          | 0/10 [00:00<?, ?it/s]',
	],
	'parts of tracebacks': [
		'  File "/app/train.py", line 12, in main',
		'    raise ValueError("ERROR: x")',
		'    ~~~~^^^^',
	],
	nothing: ['', ' ', '[', '{', '{"level"', '\x1b', '\x1b[', '-', '…', 'ERROR-free'],
};

describe.each(Object.entries(lines))('%s', (level, programs) => {
	describe.each(Object.entries(programs))('%s', (_, printed) => {
		test.each(printed)('%s', (line) => expect(sniffLevel(line)).toBe(level));
	});
});

describe('no level', () => {
	describe.each(Object.entries(without))('%s', (_, printed) => {
		test.each(printed)('%s', (line) => expect(sniffLevel(line)).toBe(null));
	});
});

test('colours around words and letters change nothing', () => {
	const plain = Object.entries(lines).flatMap(([level, programs]) =>
		Object.values(programs)
			.flat()
			.filter((line) => !line.includes('\x1b') && !line.includes('{'))
			.map((line) => [line, level] as const),
	);
	for (const [line, level] of plain) {
		const coloured = line.replace(/[A-Za-z]+/g, `${esc}1;33m$&${esc}0m`);
		expect([line, sniffLevel(coloured.slice(0, 500))]).toEqual([line, level]);
	}
});

test('lines of one character over and over take no longer than others', () => {
	const pieces = [
		'a',
		' ',
		'\t',
		'1',
		'.',
		':',
		'[',
		']',
		'(',
		'<a',
		'-',
		'|',
		'=',
		'a=1 ',
		'\\',
		'{',
	];
	const more = [
		'"',
		'{"level":',
		'{"a":',
		'[[',
		'\x1b',
		'\x1b[',
		'\x1b]',
		'1:',
		'12:00',
		'0%',
		'E ',
		'a.',
		'a:',
	];
	const starts = [
		'',
		'ERROR',
		'{"level":',
		'{"level":"',
		'a="',
		'2026-01-01 12:00:00',
		"thread '",
		'W a',
		'{',
	];
	const before = performance.now();
	for (const start of starts)
		for (const piece of [...pieces, ...more])
			sniffLevel(start + piece.repeat(65_536 / piece.length));
	// All of them together; quadratic time would be minutes.
	expect(performance.now() - before).toBeLessThan(5000);
});
