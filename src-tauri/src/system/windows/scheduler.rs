//! Task Scheduler by COM (`Schedule.Service`): numbers instead of words in some language, and no second process (A12, A28).

use windows::Win32::System::Com::{
    CLSCTX_INPROC_SERVER, COINIT_MULTITHREADED, CoCreateInstance, CoInitializeEx,
};
use windows::Win32::System::TaskScheduler::{
    IRegisteredTask, IRunningTask, ITaskService, TASK_ENUM_HIDDEN, TaskScheduler,
};
use windows::Win32::System::Variant::VARIANT;
use windows::core::{BSTR, Result};

/// A task's state as numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    /// TASK_STATE.
    pub state: i32,
    /// An HRESULT or exit code.
    pub last_result: i32,
    /// Days since the end of 1899, in local time; `None` for a task that starts at events only.
    pub next_run: Option<f64>,
}

/// # Errors
/// 0x80070002 for a task that is not there; E_NOTIMPL where Task Scheduler is imitated.
pub fn state(name: &str) -> Result<State> {
    let task = task(name)?;
    // SAFETY: `task` is a live interface of this thread.
    unsafe {
        Ok(State {
            state: task.State()?.0,
            last_result: task.LastTaskResult()?,
            next_run: task.NextRunTime().ok().filter(|days| *days > 0.0),
        })
    }
}

/// # Errors
/// As [`state`].
pub fn definition(name: &str) -> Result<String> {
    let task = task(name)?;
    // SAFETY: as above.
    Ok(unsafe { task.Xml() }?.to_string())
}

/// The tasks that run now, by the processes in which they do.
///
/// # Errors
/// E_NOTIMPL where Task Scheduler is imitated.
pub fn running() -> Result<Vec<(u32, String)>> {
    let service = service()?;
    // SAFETY: interfaces of this thread; they are counted from 1.
    unsafe {
        let tasks = service.GetRunningTasks(TASK_ENUM_HIDDEN.0)?;
        let named = |task: IRunningTask| Ok((task.EnginePID()?, task.Name()?.to_string()));
        (1..=tasks.Count()?).map(|number| named(tasks.get_Item(&VARIANT::from(number))?)).collect()
    }
}

fn task(name: &str) -> Result<IRegisteredTask> {
    // SAFETY: interfaces of this thread.
    unsafe { service()?.GetFolder(&BSTR::from("\\"))?.GetTask(&BSTR::from(name)) }
}

fn service() -> Result<ITaskService> {
    // SAFETY: COM is initialised for this thread first, and stays so: the thread belongs to a pool. Interfaces release themselves.
    unsafe {
        // An earlier call on this thread, in whatever mode, is no failure.
        let _ = CoInitializeEx(None, COINIT_MULTITHREADED);
        let service: ITaskService = CoCreateInstance(&TaskScheduler, None, CLSCTX_INPROC_SERVER)?;
        let nothing = VARIANT::default();
        service.Connect(&nothing, &nothing, &nothing, &nothing)?;
        Ok(service)
    }
}
