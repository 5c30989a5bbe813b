"""Programs that raise the errors which pages quote beside that of their example: each statement by itself, in one run."""

from __future__ import annotations

import re

START = """\
import copy
import pickle

import mindspore as ms
import numpy as np
from mindspore import mint, nn, ops
from mindspore.experimental import optim
from mindspore.experimental.optim.lr_scheduler import LambdaLR, LinearLR, MultiStepLR, ReduceLROnPlateau, StepLR

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
params = net.trainable_params()
grads = tuple(ops.ones_like(one) for one in params)
halves = [{"params": params[:2], "lr": 0.1}, {"params": params[2:]}]


def train(optimizer, steps=2):
    for _ in range(steps):
        optimizer(grads)


"""

PROGRAMS = {
    "MSO101": """\
nn.AdamWeightDecay(params, lr=0.1)
nn.SGD(params, lr=0.1)
nn.Adam(params, lr=0.1)
nn.Lamb(params, lr=0.1)
optim.SGD(params, learning_rate=0.1)
""",
    "MSO102": """\
nn.SGD(params, 0.1, maximize=True)
nn.AdamWeightDecay(params, loss_scale=1.0)
nn.Adam(params, betas=(0.9, 0.99))
optim.Adam(params, foreach=True)
""",
    "MSO103": """\
nn.Momentum(params, 0.1)
nn.Lamb(params)
nn.SGD(learning_rate=0.1)
optim.SGD(params)
""",
    "MSO104": """\
nn.RMSprop
from mindspore.nn import AdamW
from mindspore import optim
from mindspore.optim import Adam
nn.learning_rate_schedule.StepLR
""",
    "MSO106": """\
nn.Momentum(params, 0.1, 1)
nn.Momentum(params, 0.1, ms.Tensor(0.9))
nn.Adam(params, 0.1, beta1=1.0)
nn.Adam(params, 0.1, beta1=0)
nn.Adam(params, 0.1, eps=0.0)
nn.Adam(params, 0.1, use_nesterov=1)
optim.Adam(params, betas=(1.0, 0.9))
nn.SGD(params, 0.1, loss_scale=0.0)
nn.SGD(params, 0.1, nesterov=True)
nn.AdaFactor(params, 0.1)
""",
    "MSO109": "train(mint.optim.AdamW(params, 0.1), 1)\n",
    "MSO114": """\
nn.SGD(iter([]), 0.1)
nn.SGD([{"params": iter([])}], 0.1)
optim.SGD(iter([]), 0.1)
train(nn.SGD([{"params": params, "lr": (0.1 for _ in range(9))}], 0.1))
ms.value_and_grad(lambda x: net(x).sum(), None, weights=iter(params))(ops.ones((2, 4)))
""",
    "MSO115": """\
nn.Adagrad([{"params": net[2].trainable_params()}, {"params": net[2].trainable_params()}], 0.1)
nn.Adagrad([params[0], params[0]], learning_rate=0.1)
optim.SGD([{"params": params}, {"params": params}], 0.1)
""",
    "MSO116": 'nn.SGD([{"params": params, "grad_centralization": 1}], 0.1)\n',
    "MSO118": """\
nn.SGD(net.parameters(), 0.1)
nn.SGD([{"params": ["weight", "bias"]}], 0.1)
optim.SGD([{"params": set(params)}], 0.1)
mint.optim.SGD((p for p in params), 0.1)
""",
    "MSO122": """\
nn.SGD([*halves, {"order_params": (p for p in params)}], 0.1)
nn.SGD([*halves, {"order_params": None}], 0.1)
nn.SGD([{"params": params[:2]}, {"order_params": params}], 0.1)
nn.SGD([{"params": params[:2]}, {"order_params": params[2:]}], 0.1)
nn.SGD([{"params": params[2:]}, {"order_params": params[:2]}], 0.1)
""",
    "MSO131": """\
nn.SGD(params, lambda step: 0.1)
nn.SGD(params, "0.1")
nn.SGD(params, -0.1)
nn.SGD(params, ms.Tensor([[0.1], [0.2]]))
optim.SGD(params, [0.1])
optim.RAdam(params, 0.0)
mint.optim.AdamW(params, 1)
nn.FTRL(params, learning_rate=[0.1, 0.2])
nn.thor(net, 0.1, ms.Tensor(0.1), 0.9)
""",
    "MSO135": """\
nn.SGD(params, 0.1, weight_decay=None)
nn.Momentum(params, 0.1, 0.9, weight_decay=-0.1)
nn.SGD(params, 0.1, weight_decay=nn.CosineDecayLR(0.01, 0.1, 9))
nn.LazyAdam(params, weight_decay=1)
nn.AdaFactor(params, weight_decay=1.5)
optim.SGD(params, 0.1, weight_decay=None)
mint.optim.AdamW(params, weight_decay=0)
""",
    "MSO137": """\
nn.cosine_decay_lr(0, 0.1, 100, 10, 10)
nn.exponential_decay_lr(0.1, 0.9, 100, 100 / 10, 1)
nn.WarmUpLR(0.1, 0)
nn.CosineDecayLR(0.1, 0.01, 100)
nn.piecewise_constant_lr([5, 2], [0.1, 0.01])
nn.piecewise_constant_lr([5, 2], [0.1])
nn.WarmUpLR(lr=0.1, warmup_steps=4)
StepLR(optim.SGD(params, 0.1), 30, gamma=1)
MultiStepLR(optim.SGD(params, 0.1), (30, 60))
LinearLR(optim.SGD(params, 0.1), 0)
""",
    "MSO138": "train(nn.SGD(params, [0.1, 0.1, 0.1, 0.1]), 5)\n",
    "MSO139": "train(nn.SGD(params, [0.1]), 2)\n",
    "MSO141": """\
class None_(nn.Cell):
    pass
class NoStep(nn.learning_rate_schedule.LearningRateSchedule):
    def construct(self):
        return 0.1
class Epochs(nn.learning_rate_schedule.LearningRateSchedule):
    def construct(self, step, epoch):
        return step * 0.1
class NoResult(nn.learning_rate_schedule.LearningRateSchedule):
    def construct(self, step):
        self.rate = 0.1
class Number(nn.learning_rate_schedule.LearningRateSchedule):
    def construct(self, step):
        return 0.1
train(nn.Momentum(params, 0.1, 0.9, weight_decay=None_()))
train(nn.SGD(params, NoStep()))
train(nn.SGD(params, Epochs()))
train(nn.SGD(params, NoResult()))
train(nn.SGD(params, Number()))
""",
    "MSO142": """\
class Warm(nn.learning_rate_schedule.LearningRateSchedule):
    def __init__(self, part):
        self.part = part
        super().__init__()
Warm(nn.WarmUpLR(0.1, 5))
Warm(ms.Parameter(ms.Tensor(0.1), name="rate"))
Warm(ops.Mul())
""",
    "MSO143": """\
class Named(nn.learning_rate_schedule.LearningRateSchedule):
    def construct(self, step):
        return step * step_per_epoch
train(nn.SGD(params, Named()))
""",
    "MSO145": """\
class Plain(nn.Optimizer):
    def __init__(self, params, rate):
        super().__init__(params, rate)
class Fresh(optim.Optimizer):
    def __init__(self, params, rate):
        super().__init__(params, rate)
Plain(params, 0.1)
Fresh(params, 0.1)
class Plain(nn.Optimizer):
    def __init__(self, params, rate):
        self.count = len(params)
Plain(params, 0.1).parameters
""",
    "MSO150": """\
nn.SGD(params, 0.1, 0.9).momentum = 0.5
decayed = nn.Momentum(params, 0.1, 0.9, weight_decay=nn.CosineDecayLR(0.01, 0.1, 9))
decayed.weight_decay = 0.1
""",
    "MSO151": """\
listed = nn.SGD(params, [0.1, 0.2])
ops.assign(listed.learning_rate, ms.Tensor(0.1))
listed.learning_rate.set_data(ms.Tensor(0.1))
""",
    "MSO152": """\
grouped = nn.SGD(halves, 0.1)
ops.assign(grouped.learning_rate, ms.Tensor(0.1))
grouped.learning_rate.set_data(ms.Tensor(0.1))
mixed = nn.SGD([{"params": params[:2], "lr": [0.1, 0.2]}, {"params": params[2:]}], 0.1)
ops.assign(mixed.learning_rate[2], ms.Tensor(0.1))
""",
    "MSO153": """\
nn.SGD(params, 0.1).learning_rate = 0.2
nn.SGD(params, [0.1, 0.2]).learning_rate = 0.2
nn.SGD(params, 0.1).learning_rate = nn.CosineDecayLR(0.01, 0.1, 9)
""",
    "MSO155": """\
floated = optim.SGD(params, 0.1)
floated.param_groups[0]["lr"] = 0.5
StepLR(floated, 2)
""",
    "MSO156": """\
class Samples:
    def __init__(self):
        self.x = np.ones((4, 4), np.float32)
        self.y = np.ones((4, 2), np.float32)
    def __len__(self):
        return 4
    def __getitem__(self, number):
        return self.x[number], self.y[number]
def run(optimizer, function=lambda rate, step: rate, network=net, loss=nn.MSELoss()):
    data = ms.dataset.GeneratorDataset(Samples(), ["x", "y"], python_multiprocessing=False).batch(2)
    callbacks = [ms.train.LearningRateScheduler(function)]
    ms.train.Model(network, loss, optimizer).train(1, data, callbacks=callbacks, dataset_sink_mode=False)
run(nn.SGD(params, [0.1, 0.2, 0.3]))
run(nn.SGD(params, nn.CosineDecayLR(0.01, 0.1, 9)))
run(nn.SGD(halves, 0.1))
run(None, network=nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.SGD(params, 0.1)), loss=None)
run(nn.SGD(params, 0.1), lambda rate: rate)
run(nn.SGD(params, 0.1), [0.1])
run(nn.SGD(params, 0.1), nn.CosineDecayLR(0.01, 0.1, 9))
""",
    "MSO157": """\
listed = nn.SGD(params, [0.1, 0.2])
float(listed.learning_rate)
listed.learning_rate * 0.1
nn.SGD(params, nn.CosineDecayLR(0.01, 0.1, 9)).learning_rate < 0.1
nn.SGD(halves, 0.1).get_lr().asnumpy()
f"{nn.SGD(params, 0.1).learning_rate:.4f}"
""",
    "MSO161": "nn.AdaFactor(params).step()\n",
    "MSO162": """\
swapped = nn.Momentum([{"params": params[2:]}, {"params": params[:2]}], 0.1, 0.9)
swapped(grads)
""",
    "MSO163": "nn.SGD(params, 0.1)(grads[:3])\n",
    "MSO164": """\
nn.SGD(params, 0.1)()
nn.SGD(params, 0.1)(grads[0], grads)
nn.SGD(params, 0.1)(list(grads))
nn.SGD(params, 0.1)((grads[0], grads))
""",
    "MSO169": """\
net.optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
net.optimizer(tuple(ops.ones_like(one) for one in net.trainable_params()))
""",
    "MSO171": "params[1] in params\n",
    "MSO181": """\
old = nn.SGD(params, 0.1)
StepLR(old, 2)
ReduceLROnPlateau(old)
LambdaLR(old, lambda step: 1.0)
nn.ExponentialDecayLR(old, 0.9, 4)
nn.CosineDecayLR(old, 0.1, 9)
scheduler = StepLR(optim.SGD(params, 0.1), 2)
nn.SGD(params, scheduler)
optim.SGD(params, scheduler)
""",
    "MSO182": """\
nn.CosineDecayLR(0.01, 0.1, 9).step()
nn.cosine_decay_lr(0.01, 0.1, 9, 3, 3).step()
""",
    "MSO191": """\
nn.SGD(params, 0.1).state_dict()["param_groups"]
adam = nn.Adam(params, 0.1)
adam.load_state_dict(adam.state_dict())
StepLR(optim.SGD(params, 0.1), 2).state_dict()
""",
    "MSO192": """\
ms.load_param_into_net(nn.SGD(params, 0.1), None)
ms.load_checkpoint(None)
pickle.dumps(nn.SGD(params, 0.1))
copy.deepcopy(nn.SGD(params, 0.1))
""",
    "MSO193": """\
ms.save_checkpoint(nn.SGD(params, [0.1, 0.2]), "state.ckpt")
ms.load_param_into_net(nn.SGD(params, [0.1, 0.2, 0.3]), ms.load_checkpoint("state.ckpt"))
""",
}

#: Quotes that this cannot show, and why: the code, how the quote starts.
ELSEWHERE = {
    ("MSO114", "The pointer[tensor] is null."): "2.7.0",
    ("MSO131", "For 'ThorGpu'"): "a GPU or Ascend",
    ("MSO191", "The 'SGD' object has no attribute 'state_dict'."): "2.0.0",
}

#: ``TypeError, `the words` ``: an error as pages quote it.
_QUOTE = re.compile(r"(\w+(?:Error|Exception)),\s+(?:``(.+?)``|`(.+?)`)", re.DOTALL)


def errors(section: str) -> list[tuple[str, str]]:
    """The errors that a page quotes: type and words."""
    found = [(match[1], match[2] or match[3]) for match in _QUOTE.finditer(section)]
    return [(kind, re.sub(r"\s+", " ", words).strip()) for kind, words in found]
